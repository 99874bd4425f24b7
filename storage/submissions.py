"""Forms that were saved, so that saving the same form twice does it once."""

from sqlalchemy.orm import Session

from storage.models import Submission


class Submissions:
    """The tokens of forms that were saved, with what they made."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, token: str) -> Submission | None:
        """Look a token up."""
        return self._session.get(Submission, token)

    def add(self, submission: Submission) -> None:
        """Remember a token; it must be new."""
        self._session.add(submission)
        self._session.flush()
