"""Why a token is not taken. Who sends it is told in `WWW-Authenticate` as well (RFC 6750)."""

from app.errors import AppError, RefusalCode, Text, Unauthorized, Unavailable

INVALID = RefusalCode(
    "token_invalid",
    "The token of the identity provider is not taken: {reason}.",
    "Không chấp nhận mã truy cập của hệ thống định danh: {reason}.",
    Unauthorized,
)
EXPIRED = RefusalCode(
    "token_expired",
    "The token ended at {moment}; ask the identity provider for a new one.",
    "Mã truy cập đã hết hạn lúc {moment}; hãy lấy mã mới từ hệ thống định danh.",
    Unauthorized,
)
EARLY = RefusalCode(
    "token_not_yet_valid",
    "The token is valid from {moment} on, which is to come; are the clocks of the service and of the identity provider "
    "right?",
    "Mã truy cập chỉ có hiệu lực từ {moment}, chưa đến thời điểm đó; hãy kiểm tra đồng hồ của dịch vụ và của hệ thống "
    "định danh.",
    Unauthorized,
)
OTHER_ISSUER = RefusalCode(
    "token_issuer_unknown",
    "The token was issued by {issuer}; this service takes those of {expected} alone.",
    "Mã truy cập do {issuer} cấp; dịch vụ chỉ nhận mã do {expected} cấp.",
    Unauthorized,
)
OTHER_AUDIENCE = RefusalCode(
    "token_audience_wrong",
    "The token is not meant for this service: its `aud` does not name {expected}.",
    "Mã truy cập không dành cho dịch vụ này: `aud` không có {expected}.",
    Unauthorized,
)
NO_KEY = RefusalCode(
    "token_key_unknown",
    "The identity provider has no key {kid}, by which the token is signed; ask it for a new token.",
    "Hệ thống định danh không có khóa {kid} đã ký mã truy cập này; hãy lấy mã mới.",
    Unauthorized,
)
TOO_LONG = RefusalCode(
    "token_too_long",
    "The token has more than {limit} characters; let the identity provider put fewer claims into it.",
    "Mã truy cập dài quá {limit} ký tự; hãy cấu hình hệ thống định danh để giảm bớt thông tin trong mã.",
    Unauthorized,
)
NO_KEYS = RefusalCode(
    "identity_provider_unavailable",
    "The keys of the identity provider could not be read yet, so that no token can be judged; try again in a moment, "
    "or use a key of this service.",
    "Chưa đọc được khóa của hệ thống định danh nên chưa kiểm tra được mã truy cập; vui lòng thử lại sau giây lát, hoặc "
    "dùng khóa của dịch vụ.",
    Unavailable,
)
MALFORMED = Text("it cannot be read", "không đọc được")
BAD_TYPE = Text("its `typ` is that of no access token", "`typ` không phải của mã truy cập")
BAD_ALGORITHM = Text("its algorithm is not allowed", "thuật toán ký không được phép")
BAD_SIGNATURE = Text("its signature does not fit", "chữ ký không khớp")
NO_SUBJECT = Text("its `sub` is missing or unusable", "thiếu `sub` hoặc `sub` không dùng được")
NO_END = Text("its `exp` is missing or no moment", "thiếu `exp` hoặc `exp` không phải thời điểm")
BAD_TIME = Text("its `nbf` or `iat` is no moment", "`nbf` hoặc `iat` không phải thời điểm")


def invalid(reason: Text) -> AppError:
    return refused(INVALID, reason=reason)


def refused(code: RefusalCode, **context: object) -> AppError:
    """A refusal of a token, with the header that says so."""
    said = code.text.render("en", context).replace('"', "'").replace("\\", "/")
    described = said.encode("ascii", "replace").decode()
    challenge = f'Bearer error="invalid_token", error_description="{described}"'
    return code.kind(code, context, headers={"WWW-Authenticate": challenge})
