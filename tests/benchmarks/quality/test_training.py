from abcgen.train import build_parser
from benchmarks.quality.training import IN_STAGES, SHIPPED, VARIANTS, page
from tests.benchmarks.pages import RESULTS, commands_of, rows_of, written_of


def test_each_variant_is_a_valid_command_with_a_name_of_its_own() -> None:
    for variant in VARIANTS:
        python, *module = variant.command.split()[:3]
        assert (python, module) == ("python", ["-m", "abcgen.train"])
        given = build_parser().parse_args(variant.command.split()[3:])
        assert given.name == variant.name
        for name, value in variant.changes.items():
            assert getattr(given, name) == value
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


def test_the_page_is_what_the_module_writes() -> None:
    kept = (RESULTS / "TRAINING.md").read_text(encoding="utf-8")
    rows, missing = rows_of(kept), commands_of(kept)
    assert page(rows, missing, "The stages of two layers" in kept, 200, written_of(kept)) == kept
    known = {one.what: one.given for one in (SHIPPED, IN_STAGES, *VARIANTS)}
    assert [row[1].strip("`") for row in rows] == [known[row[0]] for row in rows]
    assert set(missing) <= {one.command for one in VARIANTS}
