"""The book of faults says what the tests prove, no more and no less."""

from tests.faults.book import PAGE, ROWS, page, proofs


def test_the_page_is_what_the_tests_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it anew: python -m tests.faults.book"


def test_each_proof_is_of_a_fault_of_the_book() -> None:
    assert set(proofs()) <= {number for number, row in ROWS.items() if row.not_ours is None}


def test_at_least_seventy_faults_are_proven() -> None:
    assert len(proofs()) >= 70
