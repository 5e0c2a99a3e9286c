"""A client that is generated from the contract compiles and is answered; `make clients` makes all of them."""

from pathlib import Path

import pytest

from tests.clients.makers import SHORT, RegistryError
from tests.support.served_process import SECRET, serving


@pytest.mark.skipif(
    bool(SHORT.missing()), reason=f"there is no {' and no '.join(SHORT.missing())} to make a client with"
)
def test_a_client_generated_from_the_contract_compiles_and_is_answered(tmp_path: Path) -> None:
    try:
        SHORT.make()
    except RegistryError:
        pytest.skip("the packages of clients/openapi-fetch are not installed, and their registry is out of reach")

    with serving(tmp_path, "--demo") as service:
        SHORT.speak(service.address, SECRET)
