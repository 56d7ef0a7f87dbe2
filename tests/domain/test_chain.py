"""The chain and the tree: any single change is found and named; any row is proved with the root alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain import chain
from wakeel.domain.chain import Break, Broken, NotCanonical, Row, Tree, Walk
from wakeel.flows.evidence_pack.verify_pack import root_of

KEYS = {1: b"k" * 32, 2: b"q" * 32}
T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def written(count: int, *, keys: dict[int, bytes] = KEYS) -> list[Row]:
    """A chain as `append` leaves it; the second half with the second key."""
    rows, before = [], chain.ZERO_MAC
    for seq in range(1, count + 1):
        epoch = 1 if seq <= count // 2 else 2
        entry = chain.entry_bytes({"id": f"r{seq}", "seq": seq, "epoch": epoch, "word": "grant"})
        before = chain.row_mac(keys[epoch], before, entry)
        rows.append(Row(seq, f"r{seq}", epoch, before, entry))
    return rows


def walked(rows: list[Row], *, keys: dict[int, bytes] = KEYS) -> list[Broken]:
    walk = Walk(keys)
    return [broken for row in rows for broken in walk.step(row)]


def resealed(row: Row, word: str) -> Row:
    entry = chain.entry_bytes({"id": row.id, "seq": row.seq, "epoch": row.epoch, "word": word})
    return replace(row, entry=entry)


chains = st.integers(2, 20).map(written)
place = st.integers(0, 100)


@given(chains)
def test_a_chain_as_it_was_written_has_no_fault(rows: list[Row]):
    walk = Walk(KEYS)
    assert [broken for row in rows for broken in walk.step(row)] == []
    assert (walk.last_seq, walk.last_mac, walk.tree.size) == (len(rows), rows[-1].mac, len(rows))


@given(chains, place)
def test_one_changed_row_is_one_fault_and_named(rows: list[Row], at: int):
    row = rows[at % len(rows)]
    rows[at % len(rows)] = resealed(row, "withdraw")
    assert walked(rows) == [Broken(Break.CHANGED, row.seq, row.id)]


@given(chains, place)
def test_one_changed_mac_is_one_fault_and_named(rows: list[Row], at: int):
    row = rows[at % len(rows)]
    rows[at % len(rows)] = replace(row, mac=bytes(31) + b"\x01")
    assert walked(rows) == [Broken(Break.CHANGED, row.seq, row.id)]


@given(chains, place)
def test_a_row_removed_before_the_last_is_found_and_named(rows: list[Row], at: int):
    """The tail itself is found by the head of the ledger and by the anchors."""
    gone = rows.pop(at % (len(rows) - 1))
    assert walked(rows) == [Broken(Break.MISSING, gone.seq, rows[gone.seq - 1].id, until=gone.seq)]


@given(chains, place, st.sampled_from([1, 2]))
def test_a_row_put_in_by_hand_is_found_and_named(rows: list[Row], at: int, epoch: int):
    """Without the key the MAC can only be guessed; the rows around it stay right."""
    before = rows[at % len(rows)]
    entry = chain.entry_bytes({"id": "forged", "seq": before.seq, "epoch": epoch, "word": "grant"})
    forged = Row(before.seq, "forged", epoch, chain.row_mac(b"guess" * 6, before.mac, entry), entry)
    rows.insert(at % len(rows) + 1, forged)
    found = walked(rows)
    assert {(broken.kind, broken.id) for broken in found} == {(Break.REPEATED, "forged"), (Break.CHANGED, "forged")}


@given(chains, place)
def test_two_swapped_rows_are_both_named(rows: list[Row], at: int):
    """Somebody exchanged their numbers in the table, so each stands in the other's place."""
    first = at % (len(rows) - 1)
    one, two = rows[first], rows[first + 1]
    rows[first], rows[first + 1] = resealed(replace(two, seq=one.seq), "grant"), replace(one, seq=two.seq)
    rows[first + 1] = resealed(rows[first + 1], "grant")
    assert {broken.id for broken in walked(rows)} >= {one.id, two.id}
    assert {broken.id for broken in walked(rows)} <= {one.id, two.id, f"r{one.seq + 2}"}


@given(chains, place)
def test_a_row_in_the_wrong_order_is_named(rows: list[Row], at: int):
    first = at % (len(rows) - 1)
    rows[first], rows[first + 1] = rows[first + 1], rows[first]
    late = rows[first + 1]
    assert Broken(Break.REORDERED, late.seq, late.id) in walked(rows)


@given(chains, place)
def test_the_same_row_twice_is_named(rows: list[Row], at: int):
    row = rows[at % len(rows)]
    rows.insert(at % len(rows), row)
    assert Broken(Break.REPEATED, row.seq, row.id) in walked(rows)


@given(chains)
def test_another_key_finds_every_row_of_its_epoch_wrong(rows: list[Row]):
    found = walked(rows, keys={**KEYS, 2: b"x" * 32})
    assert {broken.seq for broken in found} == {row.seq for row in rows if row.epoch == 2}


def test_a_lost_key_epoch_is_said_and_the_others_are_still_checked():
    rows = written(6)
    rows[1] = resealed(rows[1], "withdraw")
    assert [(b.kind, b.seq) for b in walked(rows, keys={1: KEYS[1]})] == [
        (Break.CHANGED, 2), (Break.NO_KEY, 4), (Break.NO_KEY, 5), (Break.NO_KEY, 6),
    ]  # fmt: skip


# Canonical entries.


def test_an_entry_is_the_same_bytes_whatever_the_order_and_zone():
    there = T0.astimezone(timezone(timedelta(hours=3)))
    assert chain.entry_bytes({"b": there, "a": ["س", "x"]}) == chain.entry_bytes({"a": ["س", "x"], "b": T0})
    assert chain.entry_bytes({"b": T0, "a": None, "c": True}) == (
        b'{"a":null,"b":"2026-11-22T09:00:00.000000+00:00","c":true}'
    )


@pytest.mark.parametrize("value", [1.5, datetime(2026, 1, 1), {"a": "b"}, [1], b"x"])
def test_what_has_no_canonical_form_is_refused_by_name(value: object):
    with pytest.raises(NotCanonical, match="field f "):
        chain.entry_bytes({"f": value})  # type: ignore[dict-item]


# The tree.


def rfc_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two below the size."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return chain.node(rfc_root(leaves[:split]), rfc_root(leaves[split:]))


leaf_lists = st.integers(0, 40).map(lambda count: [sha256(bytes([i])).digest() for i in range(count)])


@given(leaf_lists)
def test_the_root_is_the_one_of_the_rfc_at_every_size(leaves: list[bytes]):
    tree = Tree()
    assert tree.root() == chain.root([]) == sha256().digest()
    for size, one in enumerate(leaves, start=1):
        tree.add(one)
        assert tree.root() == rfc_root(leaves[:size])


def proof_of(leaves: list[bytes], index: int) -> list[bytes]:
    tree = Tree(watch=(index,))
    for one in leaves:
        tree.add(one)
    return list(tree.proof(index))


@given(leaf_lists.filter(bool), place)
def test_every_leaf_is_proved_with_the_root_alone(leaves: list[bytes], at: int):
    """Checked by the program that goes out with an evidence pack."""
    index = at % len(leaves)
    proof = proof_of(leaves, index)
    assert root_of(leaves[index], index, len(leaves), proof) == chain.root(leaves)
    assert len(proof) <= (len(leaves) - 1).bit_length()


@given(leaf_lists.filter(lambda leaves: len(leaves) > 1), place, place)
def test_nothing_else_is_proved(leaves: list[bytes], at: int, other: int):
    """Another leaf, place, size, root or proof does not pass for the one that was anchored."""
    index, size = at % len(leaves), len(leaves)
    proof, root, one = proof_of(leaves, index), chain.root(leaves), leaves[index]
    elsewhere = (index + 1 + other % (size - 1)) % size
    assert elsewhere != index

    assert root_of(leaves[elsewhere], index, size, proof) != root
    assert root_of(one, elsewhere, size, proof) != root
    assert root_of(one, size, size, proof) is None
    assert root_of(one, index, size, proof) != sha256(root).digest()
    assert root_of(one, index, size, proof[:-1]) != root
    assert root_of(one, index, size, [*proof, one]) != root


@given(leaf_lists.filter(bool), st.sets(place))
def test_proofs_of_many_leaves_come_from_one_pass(leaves: list[bytes], wanted: set[int]):
    watched = {index % len(leaves) for index in wanted}
    tree = Tree(watch=watched)
    for one in leaves:
        tree.add(one)
    for index in watched:
        assert list(tree.proof(index)) == proof_of(leaves, index)


@given(leaf_lists, place)
def test_a_tree_goes_on_from_its_peaks(leaves: list[bytes], at: int):
    """An anchor keeps them, so that the next one reads only what is new."""
    split = at % (len(leaves) + 1)
    tree = Tree()
    for one in leaves[:split]:
        tree.add(one)
    later = Tree.resumed(split, tree.peaks)
    for one in leaves[split:]:
        later.add(one)
    assert (later.root(), later.size) == (chain.root(leaves), len(leaves))


def test_a_wrong_number_of_peaks_is_refused():
    with pytest.raises(ValueError, match="zip"):
        Tree.resumed(3, [b"a" * 32])


def test_a_leaf_nobody_asked_for_has_no_proof():
    with pytest.raises(KeyError):
        proof_of([b"a" * 32], 1)


def test_a_node_never_passes_for_a_leaf():
    """Leaves and nodes are hashed with different first bytes."""
    left, right = b"l" * 32, b"r" * 32
    assert chain.leaf(left, right) != chain.node(left, right)
