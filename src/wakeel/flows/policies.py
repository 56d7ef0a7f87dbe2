"""The sending policy in force."""

from wakeel import config
from wakeel.domain.policy import Policy


def current() -> Policy:
    """What this deployment decides by, read once per process; `config.get.cache_clear()` is for tests.

    Raises ConfigError if the settings cannot be used.
    """
    return config.get().policy
