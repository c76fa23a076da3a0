"""Words that somebody looks for, in any case and any alphabet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WORDS_LIMIT: Final = 8


@dataclass(frozen=True)
class Words:
    """The words of a search, casefolded. A text fits when it holds every one of them, wherever in it."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """The first eight words of a text, each once."""
        return cls(tuple(dict.fromkeys(text.casefold().split()))[:WORDS_LIMIT])

    def __bool__(self) -> bool:
        return bool(self.words)

    def fit(self, text: str) -> bool:
        """Whether the text holds all of the words."""
        folded = text.casefold()
        return all(word in folded for word in self.words)

    def touch(self, text: str) -> bool:
        """Whether the text holds any of the words."""
        folded = text.casefold()
        return any(word in folded for word in self.words)

    def beyond(self, text: str) -> Words:
        """The words that the text does not hold."""
        folded = text.casefold()
        return Words(tuple(word for word in self.words if word not in folded))

    def rank(self, text: str) -> tuple[int, bool, bool, int]:
        """Smaller is better: few words left over, the text begins with the words, a word begins where one does."""
        folded = text.casefold()
        begins = folded.startswith(" ".join(self.words))
        inside = not any(part.startswith(self.words) for part in folded.split())
        return len(self.beyond(text).words), not begins, inside, len(folded)
