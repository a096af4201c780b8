import itertools
import threading
from collections.abc import Iterator

import pytest

import abcgen
from abcgen.errors import AbcgenError, CheckpointError, CorpusError, NotationError, UsageError
from abcgen.notation.tunebook import split_tunebook
from tests.conftest import Run
from tests.tunes import ONLY_BY_THE_SECOND, made_up_tune, respell


@pytest.fixture(scope="module")
def folk() -> abcgen.Generator:
    return abcgen.load()


def command_tunes(run: Run, *options: object) -> list[str]:
    """Return the tunes that `abcgen.sample` writes."""
    book = run("sample", *options).stdout
    return [tune.rstrip("\n") + "\n" for tune in split_tunebook(book)]


def test_a_tune_is_that_of_the_command(folk: abcgen.Generator, run: Run) -> None:
    wishes = {"key": "Ador", "meter": "6/8", "rhythm": "jig", "title": "Mine", "form": "4,4"}
    options = [word for name, value in wishes.items() for word in (f"--{name}", value)]
    tune = folk.tune(seed=7, chords=True, temperature=1.1, **wishes)  # type: ignore[arg-type]
    drawn = command_tunes(run, *options, "--seed", 7, "--chords", "--temperature", 1.1)
    assert [tune.abc] == drawn
    assert (tune.key, tune.meter, tune.rhythm, tune.title) == ("Ador", "6/8", "jig", "Mine")
    assert abcgen.check(tune) is None
    assert tune.request is not None and tune.request.seed == 7
    assert folk.again(tune) == tune


def test_a_form_may_be_numbers(folk: abcgen.Generator) -> None:
    assert folk.tune(seed=1, form=(2, 2)) == folk.tune(seed=1, form="2,2")


@pytest.mark.parametrize("jobs", [1, 2])
def test_tunes_are_those_of_the_command(folk: abcgen.Generator, run: Run, jobs: int) -> None:
    expected = command_tunes(run, "--seed", 3, "--form", 2, "--tunes", 9)
    assert [tune.abc for tune in folk.tunes(9, jobs=jobs, seed=3, form="2")] == expected
    part = folk.tunes(3, first=5, jobs=jobs, seed=3, form="2")
    assert [tune.abc for tune in part] == expected[4:7]
    assert list(folk.tunes(0, jobs=jobs)) == []


def test_tunes_without_a_count_go_on(folk: abcgen.Generator) -> None:
    first = list(itertools.islice(folk.tunes(seed=3, form="2"), 20))
    assert first == list(folk.tunes(20, seed=3, form="2"))


def test_a_generator_can_be_used_while_it_is_being_iterated_over(folk: abcgen.Generator) -> None:
    alone = folk.tune(seed=5, form="2")
    characters: Iterator[str] = folk.characters(seed=9)
    begun = "".join(itertools.islice(characters, 100))
    assert folk.tune(seed=5, form="2") == alone
    begun += "".join(itertools.islice(characters, 400))
    assert begun == "".join(itertools.islice(folk.characters(seed=9), 500))


def test_threads_may_share_a_generator(folk: abcgen.Generator) -> None:
    expected = [folk.tune(seed=seed, form="2") for seed in range(4)]
    found: dict[int, abcgen.Tune] = {}
    threads = [
        threading.Thread(target=lambda s=seed: found.update({s: folk.tune(seed=s, form="2")}))
        for seed in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[seed] for seed in range(4)] == expected


def test_without_a_seed_tunes_differ_and_say_theirs(folk: abcgen.Generator) -> None:
    one, other = folk.tune(form="2"), folk.tune(form="2")
    assert one != other
    assert one.request is not None
    assert folk.tune(form="2", seed=one.request.seed) == one


def test_bits_and_nearest(folk: abcgen.Generator) -> None:
    learned = folk.tune(seed=1)
    odd = "X:1\nT:a\nM:4/4\nL:1/8\nK:C\nC8|b8|C8|b8|C8|b8|C8|b8|]\n"
    assert 0 < folk.bits(learned) < folk.bits(odd)
    assert folk.bits([learned, odd]) == pytest.approx(folk.bits([odd, str(learned)]))
    assert folk.nearest(odd) is None
    match = folk.nearest(learned)
    assert match is not None and match.notes >= 7


def test_a_tune_is_spelled_as_the_network_learned_it(folk: abcgen.Generator) -> None:
    tune = made_up_tune(1)
    assert str(folk.spell(tune)) == str(folk.spell(abcgen.Tune(tune))) == respell(tune)
    with pytest.raises(NotationError, match="the last bar"):
        folk.spell(ONLY_BY_THE_SECOND)


def test_novel_tunes_share_little(folk: abcgen.Generator, run: Run) -> None:
    options = ("--seed", 2, "--form", 4, "--tunes", 4, "--temperature", 0.5)
    expected = command_tunes(run, *options, "--novel", 12)
    drawn = folk.tunes(4, seed=2, form="4", temperature=0.5, novel=12)
    assert [tune.abc for tune in drawn] == expected


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"key": "H"}, "no key 'H'"),
        ({"meter": "6/7"}, "6/7"),
        ({"rhythm": "gig"}, "did you mean jig"),
        ({"form": (8, 0)}, "1 or more"),
        ({"title": 'a"b'}, "character 2"),
        ({"prime": "T:a\n\nT:b"}, "blank line"),
        ({"prime": "K:D", "key": "G"}, "line 1"),
        ({"temperature": -1.0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_k": -1}, "top-k"),
        ({"top_p": 0.0}, "top-p"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"novel": 3}, "at least 7"),
        ({"novel": 0}, "at least 7"),
    ],
)
def test_what_is_impossible_is_an_error_at_once(
    folk: abcgen.Generator,
    wishes: dict[str, object],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(AbcgenError, match=words):
        folk.tune(**wishes)  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "")


def test_tunes_and_characters_complain_at_once(folk: abcgen.Generator) -> None:
    for call in (folk.tunes, folk.characters):
        with pytest.raises(UsageError, match="no key"):
            call(key="H")
        with pytest.raises(TypeError, match="tempo"):
            call(tempo=90)  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="count must be"):
        folk.tunes(-1)
    with pytest.raises(UsageError, match="give count"):
        folk.tunes(jobs=2)
    with pytest.raises(UsageError, match="cannot be combined"):
        folk.characters(raw=True, key="G")


def test_what_cannot_be_made_again_or_judged_says_why(folk: abcgen.Generator) -> None:
    tune = folk.tune(seed=1, form="2")
    with pytest.raises(CorpusError, match="does not say how it was made"):
        folk.again("X:1\nT:a\nM:C\nL:1/8\nK:C\nC8|]\n")
    with pytest.raises(CheckpointError, match="was made by other"):
        folk.again(tune.abc.replace(f"checkpoint {folk.checkpoint.label}", "checkpoint other 1 00"))
    with pytest.raises(UsageError, match="found none"):
        folk.bits([])
    with pytest.raises(NotationError):
        folk.bits("no tune")
    with pytest.raises(NotationError):
        folk.nearest("no tune")


def test_an_unknown_checkpoint_or_engine_says_what_is_known() -> None:
    with pytest.raises(CheckpointError, match="did you mean folk"):
        abcgen.load("flok")
    with pytest.raises(UsageError, match="known: litert, keras"):
        abcgen.load(engine="abacus")  # type: ignore[arg-type]


def test_generate_is_the_characters_of_a_generator(folk: abcgen.Generator) -> None:
    from abcgen.api.load import generate

    assert generate is abcgen.generate
    text = "".join(abcgen.generate(length=300, seed=4))
    assert text == "".join(itertools.islice(folk.characters(seed=4), 300))
    with pytest.raises(UsageError, match="length must be"):
        abcgen.generate(length=-1)
