"""Optional dependencies: loaded when they are there, and else what to do."""

import pytest

from abcgen.errors import AbcgenError
from abcgen.support.extras import needed, require


def test_a_module_that_is_there_is_loaded() -> None:
    assert needed("json", "score").loads("[1]") == [1]


@pytest.mark.parametrize("check", [require, needed])
def test_a_missing_module_is_named_with_what_installs_it(check: object) -> None:
    expected = "a score needs no_such_module, which is missing: pip install 'abcgen[score]'"
    with pytest.raises(AbcgenError) as error:
        check("no_such_module", "score", "a score")  # type: ignore[operator]
    assert str(error.value) == expected


def test_a_module_that_cannot_be_loaded_is_named(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_module.py").write_text("raise ImportError('no such symbol')\n")  # type: ignore[operator]
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AbcgenError, match=r"cannot be loaded \(no such symbol\).*abcgen\[score\]"):
        needed("broken_module", "score")
