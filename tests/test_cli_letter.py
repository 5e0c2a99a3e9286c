"""`chiso letter check`: a line for each fault, and the exit code that scripts see."""

from pathlib import Path

from typer.testing import CliRunner, Result

from app.cli.commands import app
from tests.support.word_files import a_template


def checked(home: Path, template: bytes, *words: str) -> Result:
    (home / "mau.docx").write_bytes(template)
    return CliRunner().invoke(app, ["letter", "check", str(home / "mau.docx"), *words])


def test_every_fault_is_a_line_with_its_place_and_ends_with_1(tmp_path: Path) -> None:
    template = a_template("Kính gửi", "Đạt {{ totl }} điểm {{ rank | hai }}", header="{{ perod.words }}")

    english, vietnamese = checked(tmp_path, template, "--lang", "en"), checked(tmp_path, template)

    assert (english.exit_code, vietnamese.exit_code) == (1, 1)
    assert len(english.stdout.splitlines()) == len(vietnamese.stdout.splitlines()) == 3
    first = english.stdout.splitlines()[0]
    assert first.startswith("body, paragraph 2: There is no field `totl`")
    assert first.endswith("(did you mean `total`?) | Đạt {{ totl }} điểm {{ rank | hai }}")
    assert vietnamese.stdout.splitlines()[2].startswith("đầu trang, đoạn 1: Không có trường `perod`")


def test_codes_are_looked_up_in_the_frameworks_that_ship(tmp_path: Path) -> None:
    template = a_template('{{ criteria["on_tme"].rate }} {{ criteria["on_time"].rate }} {{ groups["x"].points }}')

    english, vietnamese = checked(tmp_path, template, "--lang", "en"), checked(tmp_path, template)

    first, second, note = english.stdout.splitlines()
    assert '(did you mean `criteria["on_time"]`?)' in first
    assert "`groups['x']`" in second
    assert note.startswith("Codes were looked up in the frameworks that ship")
    assert vietnamese.stdout.splitlines()[2].startswith("Mã chỉ số, mã nhóm")


def test_a_template_without_faults_ends_with_0(tmp_path: Path) -> None:
    done = checked(tmp_path, a_template("{{ total | diem }}"))

    assert (done.exit_code, done.stdout) == (0, "Không phát hiện lỗi.\n")


def test_the_letters_that_ship_have_none(tmp_path: Path) -> None:
    shipped = sorted(Path("app/letters").glob("*.docx"))

    assert [checked(tmp_path, each.read_bytes()).exit_code for each in shipped] == [0] * 4


def test_a_file_that_is_no_template_is_a_sentence(tmp_path: Path) -> None:
    vietnamese, english = checked(tmp_path, b"Kinh gui"), checked(tmp_path, b"Kinh gui", "--lang", "en")

    assert (vietnamese.exit_code, english.exit_code) == (1, 1)
    assert [each.stderr.count("\n") for each in (vietnamese, english)] == [1, 1]
    assert "docx" in vietnamese.stderr
    assert vietnamese.stderr != english.stderr
    assert english.stderr.startswith("The file is no Word document")
