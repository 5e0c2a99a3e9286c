"""`chiso letter`: templates of letters, looked at before they are sent to a service."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.files import Exit
from app.cli.outcomes import Lang
from app.cli.output import fail_if_unprinted
from app.errors import AppError
from app.reports.templates.template import check_template, described
from app.services.letter_keys import shipped_keys

app = typer.Typer(no_args_is_help=True, help="Templates of letters.")
WORDS = {
    Lang.VI: {
        "fine": "Không phát hiện lỗi.",
        "meant": "có phải là",
        "paragraph": "đoạn",
        "keys": "Mã chỉ số, mã nhóm được đối chiếu với các bộ chỉ số có sẵn; với bộ chỉ số riêng, hãy kiểm tra bằng "
        "POST /v1/letter-templates/check.",
    },
    Lang.EN: {
        "fine": "Nothing is wrong with it.",
        "meant": "did you mean",
        "paragraph": "paragraph",
        "keys": "Codes were looked up in the frameworks that ship; where others are in use, check the file with "
        "POST /v1/letter-templates/check.",
    },
}
PARTS = {
    "body": "thân văn bản",
    "header": "đầu trang",
    "footer": "chân trang",
    "footnotes": "chú thích",
    "endnotes": "chú thích cuối",
    "properties": "thuộc tính tệp",
    "other": "phần khác của tệp",
}


@app.callback()
def letter() -> None:
    """Templates of letters."""


@app.command("check")
def check_letter(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The template, a Word file (.docx).")],
    lang: Annotated[Lang, typer.Option(help="Language of what is said.")] = Lang.VI,
) -> None:
    """Name every fault of a template, one a line. Exit code 1 where there is one.

    Codes of indicators and groups are looked up in the frameworks that ship; a service knows those of its own as well.
    """
    words = WORDS[lang]
    try:
        faults = described(check_template(file.read_bytes(), shipped_keys()), lang.value)["faults"]
    except AppError as error:
        print(error.detail(lang.value), file=sys.stderr)
        raise typer.Exit(Exit.REFUSED) from error
    for fault in faults:
        part = PARTS[fault["part"]] if lang == Lang.VI else fault["part"]
        place = part if fault["paragraph"] is None else f"{part}, {words['paragraph']} {fault['paragraph']}"
        meant = f" ({words['meant']} `{fault['suggestion']}`?)" if fault["suggestion"] else ""
        print(f"{place}: {fault['detail']}{meant} | {fault['text']}")
    if any(fault["code"] == "letter_code_unknown" for fault in faults):
        print(words["keys"])
    if not faults:
        print(words["fine"])
    fail_if_unprinted()
    if faults:
        raise typer.Exit(Exit.REFUSED)
