"""Model files from a model hub over HTTP: checked, resumed after an interruption, every wait limited.

The two kinds of address used are the Hugging Face Hub's, which its mirrors offer too:
`{repo}/resolve/{revision}/{path}` is a file, `api/models/{repo}/tree/{revision}/{folder}` lists sizes and checksums.
"""

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from voicebot.errors import ModelError
from voicebot.models.manifest import Hub, ModelFile
from voicebot.models.progress import Meter
from voicebot.models.shelf import Part, ensure_room

Outcome = TypeVar("Outcome")
_NOT_THAT_FAR = httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE


@dataclass(frozen=True)
class HubAccess:
    """Where the hub is, and the patience with it: seconds for an answer or more data, tries, seconds between them."""

    url: str = "https://huggingface.co"
    seconds: float = 30.0
    attempts: int = 5
    pause: float = 1.0


HUGGING_FACE = HubAccess()


@dataclass(frozen=True)
class _Checksum:
    """What is known of a file beforehand; `git_sha1` is git's blob id, for files outside large-file storage."""

    bytes: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None

    def fits(self, part: Part) -> bool:
        """Whether the fetched bytes are the right ones."""
        if self.sha256:
            return part.sha256 == self.sha256
        return _git_blob(part.content()) == self.git_sha1


class _Stored(BaseModel):
    """The hub's word on a file in large-file storage: its sha256."""

    oid: str


class _Listed(BaseModel):
    """One entry of the hub's list of a folder; `oid` is git's blob id."""

    path: str
    size: int = 0
    oid: str
    lfs: _Stored | None = None


def fetch(hub: Hub, files: Sequence[ModelFile], folder: Path, access: HubAccess, meter: Meter) -> dict[str, str]:
    """Fetch `files` of a repository into `folder`; path → sha256.

    A file without sha256 in the manifest is checked against what the hub says of it. Raises ModelError where the hub
    cannot be reached, has no such file, or sends other bytes.
    """
    with httpx.Client(follow_redirects=True, timeout=access.seconds, headers={"Accept-Encoding": "identity"}) as client:
        fetcher = _Fetcher(client, access, meter)
        checksums = {file.path: _Checksum(file.bytes, file.sha256) for file in files if file.sha256}
        checksums |= fetcher.stated(hub, [file for file in files if not file.sha256])
        meter.total = sum(checksum.bytes or 0 for checksum in checksums.values())
        ensure_room(folder, meter.total)
        return {file.path: fetcher.file(hub, file, folder / file.path, checksums[file.path]) for file in files}


@dataclass(frozen=True)
class _Fetcher:
    """One fetch of a model's files over one HTTP client."""

    client: httpx.Client
    access: HubAccess
    meter: Meter

    def stated(self, hub: Hub, files: Sequence[ModelFile]) -> dict[str, _Checksum]:
        """What the hub says of the files: size, and sha256 or git's blob id."""
        listed: dict[str, _Listed] = {}
        for folder in sorted({str(PurePosixPath(file.hub_path).parent) for file in files}):
            url = f"{self._base}/api/models/{hub.repo}/tree/{quote(hub.revision)}"
            listed |= self._listed(url if folder == "." else f"{url}/{quote(folder)}")
        missing = [file.hub_path for file in files if file.hub_path not in listed]
        if missing:
            raise ModelError("models.hub", f"{hub.repo}@{hub.revision} does not hold {', '.join(missing)}.")
        found = ((file.path, listed[file.hub_path]) for file in files)
        return {path: _Checksum(entry.size, entry.lfs.oid if entry.lfs else None, entry.oid) for path, entry in found}

    def _listed(self, url: str) -> dict[str, _Listed]:
        answer = self._patiently(url, lambda: self.client.get(url).raise_for_status())
        try:
            return {entry.path: entry for entry in TypeAdapter(list[_Listed]).validate_json(answer.content)}
        except ValidationError:
            raise ModelError("models.hub", f"{url} does not answer as a model hub does: check its address.") from None

    def file(self, hub: Hub, file: ModelFile, target: Path, checksum: _Checksum) -> str:
        """Fetch one file, going on where an earlier run stopped; its sha256."""
        url = f"{self._base}/{hub.repo}/resolve/{quote(hub.revision)}/{quote(file.hub_path)}"
        with Part(target, resume=True) as part:
            self.meter(part.size)
            # What an earlier run left may be of another version: if the whole does not fit, it is fetched anew once.
            for _ in range(2 if part.size else 1):
                self._patiently(url, lambda: self._receive(url, part, checksum.bytes))
                if checksum.fits(part):
                    part.finish()
                    return part.sha256
                self._from_the_start(part)
        part.path.unlink()
        raise ModelError("models.hash", f"{url} is not the file it should be (its checksum differs): it was not kept.")

    def _receive(self, url: str, part: Part, size: int | None) -> None:
        """Append what is still missing of the file; httpx.HTTPError where the answer fails or ends early."""
        if size is not None and part.size >= size:
            return
        headers = {"Range": f"bytes={part.size}-"} if part.size else {}
        with self.client.stream("GET", url, headers=headers) as answer:
            start = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
            partial = answer.status_code == httpx.codes.PARTIAL_CONTENT
            goes_on = partial and start is not None and int(start[1]) == part.size
            if not goes_on and (answer.is_success or answer.status_code == _NOT_THAT_FAR):
                self._from_the_start(part)
            answer.raise_for_status()
            if partial and not goes_on:
                raise httpx.ReadError("another range than asked for")
            for block in answer.iter_bytes():
                part.write(block)
                self.meter(len(block))
                if size is not None and part.size > size:
                    return
        if size is not None and part.size < size:
            raise httpx.ReadError("the answer ended early")

    def _from_the_start(self, part: Part) -> None:
        self.meter(-part.size)
        part.restart()

    def _patiently(self, url: str, attempt: Callable[[], Outcome]) -> Outcome:
        """Try until it works, the tries are used up, or the hub says no for good."""
        for left in reversed(range(self.access.attempts)):
            try:
                return attempt()
            except (httpx.HTTPError, httpx.InvalidURL) as fault:
                refused = isinstance(fault, httpx.HTTPStatusError) and fault.response.status_code in (401, 403, 404)
                if refused or not left:
                    raise _failed(url, fault) from None
                time.sleep(self.access.pause)
        raise ValueError("HubAccess.attempts must be at least 1")

    @property
    def _base(self) -> str:
        return self.access.url.rstrip("/")


def _failed(url: str, fault: Exception) -> ModelError:
    if isinstance(fault, httpx.HTTPStatusError):
        code = fault.response.status_code
        return ModelError("models.hub", f"{url} answers {code}: check the hub's address, or try again later.")
    return ModelError(
        "models.network",
        f"{url} cannot be fetched ({type(fault).__name__}: {fault}). Check the network and the proxy (HTTPS_PROXY), "
        "then run the command again: it goes on where it stopped. A machine without network can be given the model's "
        "folder from one that has pulled it.",
    )


def _git_blob(content: bytes) -> str:
    """Git's id of a file: the sha1 of `blob <size>`, a zero byte and the content (git-hash-object)."""
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()
