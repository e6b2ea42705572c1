"""Models by their name on the Hugging Face hub: from the cache when it is there, else one download.

The hub's own client retries for up to a minute when there is no network. We ask first, with a deadline,
whether the hub can be reached at all, so that working offline costs two seconds at most.
"""

import contextlib
import threading
from pathlib import Path

from huggingface_hub import constants, hf_hub_download, model_info, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import get_session

from llm_tt.errors import ModelNotFoundError, UnsupportedModelError
from llm_tt.model.file_names import ADAPTER_CONFIG, ADAPTER_WEIGHTS, CONFIG, is_complete

REACHABLE_WITHIN_SECONDS = 1.5
ANSWER_WITHIN_SECONDS = 10
WANTED_FILES = ("*.json", "model*.safetensors", ADAPTER_WEIGHTS, "*.model", "*.txt")


def fetch(name: str, revision: str | None = None) -> Path:
    """The folder of a hub model, complete; downloads what is missing."""
    cached = _find_cached(name, revision)
    if cached is not None:
        return cached
    if not _hub_is_reachable():
        raise ModelNotFoundError(
            asked=f"Open the model {name!r} from the hub.",
            found="It is not on this machine, and the hub cannot be reached.",
            remedy="Connect to the internet once to download it, give a local folder instead, or choose a "
            "built-in model.",
        )
    _check_before_download(name, revision)
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=list(WANTED_FILES)))
    except Exception as problem:  # the client's errors share no ancestor
        raise ModelNotFoundError(
            asked=f"Download the model {name!r} from the hub.",
            found=f"The download broke off: {problem}",
            remedy="Try again: it continues where it stopped.",
        ) from problem


def _find_cached(name: str, revision: str | None) -> Path | None:
    """A folder of the cache with all that the model needs, or None."""
    for file in (CONFIG, ADAPTER_CONFIG):
        try:
            folder = Path(hf_hub_download(name, file, revision=revision, local_files_only=True)).parent
        except (LocalEntryNotFoundError, HFValidationError):
            continue
        return folder if is_complete(folder) else None
    return None


def _hub_is_reachable() -> bool:
    """Whether the hub answers a request in time, through whatever proxy the client uses.

    The deadline is ours, because looking up a name or waiting for an answer can outlast any timeout.
    """
    if constants.HF_HUB_OFFLINE:
        return False
    answered = threading.Event()

    def ask() -> None:
        with contextlib.suppress(Exception):  # whatever it was, the hub did not answer
            get_session().head(constants.ENDPOINT, timeout=REACHABLE_WITHIN_SECONDS)
            answered.set()

    threading.Thread(target=ask, daemon=True).start()
    return answered.wait(REACHABLE_WITHIN_SECONDS)


def _check_before_download(name: str, revision: str | None) -> None:
    """Refuse what we could not open anyway before gigabytes are moved."""
    asked = f"Open the model {name!r} from the hub."
    try:
        files = [
            file.rfilename
            for file in model_info(name, revision=revision, timeout=ANSWER_WITHIN_SECONDS).siblings or []
        ]
    except GatedRepoError:
        raise ModelNotFoundError(
            asked=asked,
            found="Its owners ask for an agreement first.",
            remedy="Accept it on the model's page, then log in with `hf auth login`.",
        ) from None
    except RevisionNotFoundError:
        raise ModelNotFoundError(
            asked=asked, found=f"It has no revision {revision!r}.", remedy="Check the branch, tag or commit."
        ) from None
    except (RepositoryNotFoundError, HFValidationError):
        raise ModelNotFoundError(
            asked=asked,
            found="The hub knows no public model of that name.",
            remedy="Check the spelling, as in 'EleutherAI/pythia-70m'; for a private model log in with "
            "`hf auth login`.",
        ) from None
    except Exception as problem:  # the client's errors share no ancestor
        raise ModelNotFoundError(
            asked=asked, found=f"The hub did not answer: {problem}", remedy="Try again in a while."
        ) from problem
    if not any(file.endswith(".safetensors") for file in files):
        raise UnsupportedModelError(
            asked=asked,
            found="It has no safetensors weights; pickled ones can run code when opened.",
            remedy="Look for a revision with safetensors, often 'refs/pr/1', or convert it yourself.",
        )
