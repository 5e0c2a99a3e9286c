"""Refusals whose reason lies in HTTP itself, so that no room below could give it.

AppError
├── NotAllowed          405   the address does not take this method
├── NotAcceptable       406   `Accept` names no format that this can be sent in
├── Stalled             408   the client stopped sending in the middle of its request
├── PreconditionFailed  412   If-Match names another state, Chiso-Version one that is not there
├── TooLarge            413   the body is larger than this operation takes
├── RangeNotSatisfiable 416   `Range` names a part of a file that is not there
├── TooManyRequests     429   this client asks more often than it may
└── HeadersTooLarge     431   the headers are longer than any request needs
"""

from app.errors import AppError, Text


class NotAllowed(AppError):
    status = 405
    title = Text("This address does not take that method", "Địa chỉ này không nhận phương thức đó")


class NotAcceptable(AppError):
    status = 406
    title = Text("Nothing of this can be sent in an accepted format", "Không có định dạng nào được chấp nhận")


class Stalled(AppError):
    status = 408
    title = Text("The request did not arrive whole", "Yêu cầu không được gửi đến trọn vẹn")


class PreconditionFailed(AppError):
    status = 412
    title = Text("It has changed meanwhile", "Đã thay đổi trong lúc đó")


class TooLarge(AppError):
    status = 413
    title = Text("The body is too large", "Nội dung gửi lên quá lớn")


class RangeNotSatisfiable(AppError):
    status = 416
    title = Text("There is no such part of it", "Không có phần nội dung này")


class TooManyRequests(AppError):
    status = 429
    title = Text("Too many requests", "Quá nhiều yêu cầu")


class HeadersTooLarge(AppError):
    status = 431
    title = Text("The headers are too large", "Phần đầu của yêu cầu quá lớn")
