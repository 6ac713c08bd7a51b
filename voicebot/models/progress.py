"""How far a pull is: what is told, and the bar that shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


@dataclass(frozen=True)
class Step:
    """What is being done for which model, in bytes; `total` is 0 while it is not known."""

    model: str
    doing: str
    done: int
    total: int


Progress = Callable[[Step], None]


def silent(_: Step) -> None:
    """Tell nobody."""


@dataclass
class Meter:
    """Counts the bytes of one step of one model and tells them on."""

    progress: Progress
    model: str
    doing: str
    total: int = 0
    done: int = 0

    def __call__(self, count: int) -> None:
        """Count `count` bytes more, or fewer where some have to be fetched again."""
        self.done += count
        self.progress(Step(self.model, self.doing, self.done, self.total))


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """One line with a bar for each step of each model."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console) as bar:
        tasks: dict[tuple[str, str], TaskID] = {}

        def show(step: Step) -> None:
            key = (step.model, step.doing)
            if key not in tasks:
                tasks[key] = bar.add_task(f"{step.model}: {step.doing}", total=None)
            bar.update(tasks[key], completed=step.done, total=step.total or None)

        yield show
