"""Every failure a caller can see.

AppError                      status, code, text in two languages, faults
├── Unauthorized      401     no key, or one that is not known
├── Forbidden         403     a known key that may not do this
├── NotFound          404     nothing of that name (or nothing the key may see)
├── Conflict          409     the world is not in the state the request expects
├── Gone              410     it was public and has been withdrawn
├── UnsupportedMedia  415     the body is of a kind this operation does not read
├── Invalid           422     understood, and refused; `faults` name each place
├── Malformed         400     not even readable (broken JSON, bad encoding)
└── Unavailable       503     the database is away, busy or full

A `Text` is one sentence in English and in Vietnamese; an `ErrorCode` declares a public code with its sentence, as a
constant of the module that finds it, and a `RefusalCode` one that a whole request is refused for. A `Fault` is one
thing wrong at one place of what was sent, `Faults` are all of them: so many are named, the others counted. Codes are
never renamed; the sentences may be improved at any time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Literal, Self

from typing_extensions import TypeVar

Language = Literal["en", "vi"]
LANGUAGES: tuple[Language, ...] = ("en", "vi")

MOST_FAULTS = 1_000
"""So many faults of one request are named; nobody reads more, and a small request can make millions of them."""
MOST_HEADER_FAULTS = 50
"""So many faults of a header are named: a column costs a few bytes, what is said of it a hundred times as many."""
LONGEST_DETAIL = 1_000
LONGEST = {"pointer": 500, "column": 100, "parameter": 100, "value": 100, "suggestion": 200}
"""Letters of a fault's members: what was sent may be a megabyte long, what is said of it is not."""
SHORT = min(LONGEST.values())
"""Members that have no more letters together need no closer look."""


def shortened(text: str, most: int) -> str:
    """The text, its end replaced by `…` where it is longer than `most` letters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, with `{names}` to be filled from a context."""

    en: str
    vi: str

    def render(self, language: Language, context: Mapping[str, object]) -> str:
        """The sentence in `language`; a context value that is itself a Text is rendered in the same language."""
        template = self.vi if language == "vi" else self.en
        plain = {k: v.render(language, {}) if isinstance(v, Text) else v for k, v in context.items()}
        return template.format_map(plain)


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A public code and the sentence that goes with it: what is wrong, and the way out where it is not plain.

    A code may be declared with a sentence for each of the places where it is found. It stands in `errors`, unless it
    is a `RefusalCode`.
    """

    code: str
    en: str
    vi: str

    @property
    def text(self) -> Text:
        return Text(self.en, self.vi)


@dataclass(frozen=True, slots=True)
class RefusalCode(ErrorCode):
    """A code that a whole request can be refused for; `kind` is the error to be raised, which has the status."""

    kind: "type[AppError]"

    def error(
        self,
        /,
        *,
        faults: "Iterable[Fault]" = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
        **context: object,
    ) -> "AppError":
        """The refusal of a request for this reason, to be raised; `context` fills the sentence."""
        return self.kind(self, context, faults=faults, headers=headers, extra=extra)


Code_co = TypeVar("Code_co", bound=ErrorCode, covariant=True, default=ErrorCode)


@dataclass(frozen=True, slots=True)
class Fault(Generic[Code_co]):
    """One thing that is wrong with what was sent: where, what, and what would work.

    `pointer` is a JSON pointer into the body, `row` and `column` a place in a table as a spreadsheet shows it, `cell`
    the same as formulas name it, `parameter` the name of a query parameter or header. `value` is the text as written,
    cut at 100 characters; the other members are cut as well where they are long, from the beginning, so that none of
    them costs much to hold.
    """

    error_code: Code_co
    context: Mapping[str, object] = field(default_factory=dict)
    pointer: str | None = None
    row: int | None = None
    column: str | None = None
    parameter: str | None = None
    value: str | None = None
    suggestion: str | None = None
    cell: str | None = None

    @property
    def code(self) -> str:
        return self.error_code.code

    def error(self: "Fault[RefusalCode]") -> "AppError":
        """The refusal of a request for this fault alone."""
        return self.error_code.kind(self.error_code, self.context, faults=[self])

    def __post_init__(self) -> None:
        said = self.pointer, self.column, self.parameter, self.value, self.suggestion
        if sum(map(len, filter(None, said))) > SHORT:
            self._cut()

    def _cut(self) -> None:
        for name, most in LONGEST.items():
            said = getattr(self, name)
            if said is not None and len(said) > most:
                object.__setattr__(self, name, said[:most] if name == "value" else shortened(said, most))

    def detail(self, language: Language) -> str:
        sentence = self.error_code.text.render(language, self.context)
        return shortened(f"{sentence} ({self.cell})" if self.cell else sentence, LONGEST_DETAIL)

    def body(self, language: Language) -> dict[str, object]:
        """The fault as it stands in `errors[]`: only the members that say something."""
        places = {
            "pointer": self.pointer,
            "row": self.row,
            "column": self.column,
            "parameter": self.parameter,
            "code": self.code,
            "detail": self.detail(language),
            "value": self.value,
            "suggestion": self.suggestion,
        }
        return {name: value for name, value in places.items() if value is not None}


FURTHER_ERRORS = ErrorCode(
    "further_errors",
    "{count} further thing(s) must be mended; only the first {most} are named.",
    "Còn {count} chỗ khác cần sửa; chỉ liệt kê {most} chỗ đầu tiên.",
)
FURTHER_WARNINGS = ErrorCode(
    "further_warnings",
    "{count} further warning(s); only the first {most} are named.",
    "Còn {count} cảnh báo khác; chỉ liệt kê {most} cảnh báo đầu tiên.",
)


class Faults:
    """What is wrong with one request: the first `most` as they were found, of the others only their number.

    Iterating ends with an entry `further_errors` (or `further_warnings`) that tells the number, where there are others.
    Faults are to be put in one by one as they are found, never held in a list before.
    """

    def __init__(
        self, found: Iterable[Fault] = (), further: ErrorCode = FURTHER_ERRORS, most: int | None = None
    ) -> None:
        self.further, self.most = further, MOST_FAULTS if most is None else most
        self.named: list[Fault] = []
        self.count = 0
        self.extend(found)

    def add(self, fault: Fault) -> None:
        self.count += 1
        if len(self.named) < self.most:
            self.named.append(fault)

    def extend(self, found: Iterable[Fault]) -> None:
        for fault in found:
            self.add(fault)

    def add_unnamed(self, count: int) -> None:
        """Count faults of which nothing more is known."""
        self.count += count

    def followed_by(self, others: "Faults") -> Self:
        """These, with others behind them."""
        self.extend(others.named)
        self.add_unnamed(others.count - len(others.named))
        return self

    @property
    def is_full(self) -> bool:
        """Whether further faults are only counted."""
        return len(self.named) >= self.most

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[Fault]:
        yield from self.named
        if beyond := self.count - len(self.named):
            yield Fault(self.further, {"count": beyond, "most": len(self.named)})


class AppError(Exception):
    """A refusal with its reason. `extra` holds further members of the problem document (an import's counts).

    Of very many faults the first are named and the others counted, as `Faults` does.
    """

    status: ClassVar[int] = 500
    title: ClassVar[Text] = Text("Error", "Lỗi")

    def __init__(
        self,
        error_code: ErrorCode,
        context: Mapping[str, object],
        *,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(error_code.text.render("en", context))
        self.error_code = error_code
        self.code = error_code.code
        self.context = context
        self.faults = list(faults if isinstance(faults, Faults) else Faults(faults))
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def detail(self, language: Language) -> str:
        return shortened(self.error_code.text.render(language, self.context), LONGEST_DETAIL)

    def summary(self, language: Language) -> dict[str, object]:
        """What a problem document says of it in any case (RFC 9457), without `extra` and faults."""
        return {
            "type": f"urn:chiso:problem:{self.code}",
            "title": self.title.render(language, {}),
            "status": self.status,
            "detail": self.detail(language),
            "code": self.code,
        }


class Malformed(AppError):
    status = 400
    title = Text("The request cannot be read", "Không đọc được yêu cầu")


class Unauthorized(AppError):
    status = 401
    title = Text("A key is needed", "Cần có khóa truy cập")


class Forbidden(AppError):
    status = 403
    title = Text("The key does not allow this", "Khóa truy cập không cho phép")


class NotFound(AppError):
    status = 404
    title = Text("Not found", "Không tìm thấy")


class Conflict(AppError):
    status = 409
    title = Text("The request does not fit the present state", "Yêu cầu không phù hợp với trạng thái hiện tại")


class Gone(AppError):
    status = 410
    title = Text("No longer there", "Không còn")


class UnsupportedMedia(AppError):
    status = 415
    title = Text("This kind of content is not read here", "Không đọc được loại nội dung này")


class Invalid(AppError):
    status = 422
    title = Text("The content is refused", "Nội dung bị từ chối")


class Unavailable(AppError):
    status = 503
    title = Text("The service cannot answer right now", "Dịch vụ tạm thời không phục vụ được")
