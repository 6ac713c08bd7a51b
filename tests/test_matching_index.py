"""What is kept between runs: only new texts cost time, and a broken file costs no more than that."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.made_library import LIBRARY, answer, library
from voicebot.matching import Index, Matcher, head
from voicebot.matching.index import BATCH
from voicebot.matching.letters import GROUPS
from voicebot.matching.measure import made_vectors

ANSWERS = (
    answer("pas", "pas", "Bestil tid til dit pas.", "jeg skal have nyt pas", "mit pas er udløbet"),
    answer("rotter", "rotter", "Anmeld rotter.", "jeg har set en rotte", "der er rotter i kælderen"),
    answer("skrald", "skrald", "Vi tømmer hver uge.", "hvornår tømmes min skraldespand"),
)


class Counting:
    """An embedder without a model that remembers what it was asked."""

    def __init__(self) -> None:
        self._embed = made_vectors(64)
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return self._embed(texts)


@pytest.fixture
def embed() -> Counting:
    return Counting()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "embeddings" / "e5.npz"


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many answers each head that is trained, is trained on."""
    rounds: list[int] = []
    train = head._trained

    def counted(vectors: NDArray[np.float32], owners: NDArray[np.intp]) -> NDArray[np.float32]:
        rounds.append(int(owners[-1]) + 1)
        return train(vectors, owners)

    monkeypatch.setattr(head, "_trained", counted)
    return rounds


def test_features_stand_in_the_order_of_the_texts(embed: Counting) -> None:
    texts = ["mit pas er blevet væk", "pas", "mit pas er blevet væk", "rotter"]
    features = Index(embed).features(texts)
    assert np.allclose(features.vectors, made_vectors(64)(texts))
    assert features.groups.shape == (4, 2 * GROUPS)
    assert (features.groups[0] != features.groups[2]).nnz == 0
    assert (features.groups[0] != features.groups[1]).nnz > 0
    assert sorted(embed.asked) == sorted(set(texts)), "the same text twice costs once"


def test_only_new_texts_are_worked_out_in_a_later_run(embed: Counting, file: Path) -> None:
    first = Index(embed, file).features(["en", "to", "tre"])
    embed.asked.clear()
    again = Index(embed, file).features(["tre", "fire", "en"])
    assert embed.asked == ["fire"]
    assert np.array_equal(again.vectors[[2, 0]], first.vectors[[0, 2]])
    assert (again.groups[[2, 0]] != first.groups[[0, 2]]).nnz == 0
    embed.asked.clear()
    Index(embed, file).features(["to", "fire"])
    assert embed.asked == [], "what is in use nowhere just now is kept, too"


def test_the_same_is_found_with_and_without_what_is_kept(embed: Counting, file: Path) -> None:
    questions = ["hvornår kommer skraldebilen", "pas til min kat", "rotterne i kælderen"]
    fresh, first, second = (Matcher(library(*ANSWERS), Index(embed, place)) for place in (None, file, file))
    for text in questions:
        found = fresh.match(text)
        for matcher in (first, second):
            assert [c.answer for c in matcher.match(text)] == [c.answer for c in found]
            assert np.allclose([c.confidence for c in matcher.match(text)], [c.confidence for c in found], atol=1e-4)


def test_one_changed_answer_costs_its_new_texts_alone(embed: Counting, file: Path) -> None:
    Matcher(library(*ANSWERS), Index(embed, file))
    embed.asked.clear()
    other = answer("pas", "pas", "Bestil tid til dit pas.", "jeg skal have nyt pas", "mit pas er blevet for gammelt")
    Matcher(library(other, *ANSWERS[1:]), Index(embed, file))
    assert embed.asked == ["mit pas er blevet for gammelt"]


def test_the_head_is_trained_once_and_again_where_a_text_has_changed(
    embed: Counting, file: Path, trained: list[int]
) -> None:
    for _ in range(2):
        Matcher(library(*ANSWERS), Index(embed, file))
    assert trained == [3]
    Matcher(library(*ANSWERS[:2]), Index(embed, file))
    assert trained == [3, 2]
    Matcher(library(*ANSWERS[:2]), Index(embed))
    assert trained == [3, 2, 2], "nothing is kept without a place for it"


def test_two_models_have_files_of_their_own(embed: Counting, tmp_path: Path) -> None:
    Matcher(library(*ANSWERS), Index(embed, tmp_path / "one.npz"))
    embed.asked.clear()
    Matcher(library(*ANSWERS), Index(embed, tmp_path / "two.npz"))
    assert embed.asked
    assert len(list(tmp_path.iterdir())) == 4


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def foreign(file: Path) -> None:
    with file.open("wb") as opened:
        np.savez(opened, something=np.zeros(3))


def short(file: Path) -> None:
    """As many keys as before, and fewer vectors."""
    with np.load(file) as stored:
        parts = dict(stored)
    name = "vectors" if "vectors" in parts else "weights"
    with file.open("wb") as opened:
        np.savez(opened, **(parts | {name: parts[name][:-1]}))


@pytest.mark.parametrize("damage", [cut, empty, foreign, Path.unlink])
def test_a_damaged_file_costs_only_time(embed: Counting, file: Path, trained: list[int], damage) -> None:
    found = Matcher(library(*ANSWERS), Index(embed, file)).match("mit pas")
    asked = sorted(embed.asked)
    embed.asked.clear()
    for path in list(file.parent.iterdir()):
        damage(path)
    again = Matcher(library(*ANSWERS), Index(embed, file)).match("mit pas")
    assert sorted(embed.asked) == asked
    assert trained == [3, 3]
    assert again == found
    assert len(list(file.parent.iterdir())) == 2
    embed.asked.clear()
    Matcher(library(*ANSWERS), Index(embed, file))
    assert (embed.asked, trained) == ([], [3, 3])


def test_vectors_that_do_not_match_their_keys_are_worked_out_anew(embed: Counting, file: Path) -> None:
    Index(embed, file).features(["en", "to", "tre"])
    short(file)
    assert np.allclose(Index(embed, file).features(["en", "to", "tre"]).vectors, made_vectors(64)(["en", "to", "tre"]))


def test_a_place_that_cannot_be_written_costs_only_time(
    embed: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    matcher = Matcher(library(*ANSWERS), Index(embed, tmp_path / "file" / "e5.npz"))
    assert matcher.match("rotter i kælderen")[0].answer == "rotter"
    assert [record.message.endswith("free space there.") for record in caplog.records] == [True, True]


def test_a_disk_that_is_full_halfway_leaves_what_was_kept(
    embed: Counting, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Index(embed, file).features(["en"])
    before = file.read_bytes()

    def full(opened, **_: object) -> None:
        opened.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    assert len(Index(embed, file).features(["en", "to"]).vectors) == 2
    assert "No space left" in caplog.text
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["e5.npz"]


def test_progress_is_told_batch_by_batch_and_only_where_something_is_new(embed: Counting, file: Path) -> None:
    told: list[tuple[int, int]] = []
    texts = [f"tekst {number}" for number in range(BATCH + 3)]
    for _ in range(2):
        Index(embed, file, lambda *both: told.append(both)).features(texts)
    assert told == [(BATCH, BATCH + 3), (BATCH + 3, BATCH + 3)]


def test_what_is_only_tried_out_is_not_kept_but_what_was_kept_is_known(embed: Counting, file: Path) -> None:
    index = Index(embed, file)
    index.features(["en", "to"])
    before = file.read_bytes()
    embed.asked.clear()
    trial = index.trying(embed)
    assert len(trial.features(["to", "tre"]).vectors) == 2
    assert embed.asked == ["tre"]
    assert file.read_bytes() == before


def test_heads_tried_out_are_ready_when_they_are_published_and_the_oldest_go(
    embed: Counting, file: Path, trained: list[int]
) -> None:
    index = Index(embed, file)
    Matcher(LIBRARY, index)
    some = list(LIBRARY.answers.values())
    for leaving_out in range(1, head.KEPT + 2):
        library = replace(LIBRARY, answers={answer.id: answer for answer in some[leaving_out:]})
        Matcher(library, index.trying(embed))
        Matcher(library, index)
    assert trained == [len(some) - leaving_out for leaving_out in range(head.KEPT + 2)]
    assert len(list(file.parent.glob("*head*"))) == head.KEPT
