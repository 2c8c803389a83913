"""What each park of a plan needs, pays and saves, kept up to date as residents come and go.

A search asks thousands of times what one more resident would change; adding everybody up anew each
time is what makes it slow. Each park is priced as if alone on its sources.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from siting.portfolio.fill import park_need
from siting.portfolio.stairs import stair_cost

TOTAL, LARGEST, TIES = 0, 1, 2
"""Rows of needs: all demands together, the largest one, and how many residents have it."""
WORTH, SPARED, ONSITE, AREA, COUNT = 0, 1, 2, 3, 4
"""Columns of a book: values, what a single resident is spared, budget for on-site networks, ..."""


@njit(cache=True, nogil=True)
def open_books(people, sites, slots):  # type: ignore[no-untyped-def]
    """Return needs, shape (k, 3, 8), costs, shape (k, 8), and books, shape (k, 5), of k parks.

    Parameters
    ----------
    people
        Demands, shape (m, 8), coincidence, shape (8,), and areas, shape (m,).
    sites
        Values, what a single resident is spared and on-site networks paid by the budget, shape
        (3, k, m), starts and lines of the stairs of the parks.
    slots
        Park of each prospect, -1 for none.
    """
    entries, start, lines = sites
    k, utilities = entries.shape[1], len(people[1])
    needs, costs, books = np.zeros((k, 3, utilities)), np.zeros((k, utilities)), np.zeros((k, 5))
    for j in range(len(slots)):
        row = slots[j]
        if row >= 0:
            enter(people, entries[:, row], (needs[row], books[row]), j)
    for row in range(k):
        pay(people[1], (start, lines), needs[row], costs[row], row)
    return needs, costs, books


@njit(cache=True, nogil=True)
def enter(people, entries, page, j):  # type: ignore[no-untyped-def]
    """Add a resident to the needs and the book of a park."""
    demands, _, areas = people
    needs, book = page
    for u in range(needs.shape[1]):
        _count(needs, u, demands[j, u])
        needs[TOTAL, u] += demands[j, u]
    for k in range(3):
        book[k] += entries[k, j]
    book[AREA] += areas[j]
    book[COUNT] += 1.0


@njit(cache=True, nogil=True)
def leave(people, entries, page, slots, j):  # type: ignore[no-untyped-def]
    """Take a resident out of the needs and the book of the park at `slots[j]`."""
    demands, _, areas = people
    needs, book = page
    for u in range(needs.shape[1]):
        needs[TOTAL, u] = max(0.0, needs[TOTAL, u] - demands[j, u])
        if demands[j, u] == needs[LARGEST, u]:
            needs[TIES, u] -= 1.0
        if needs[TIES, u] <= 0.0:
            needs[LARGEST, u] = -1.0
            for other in range(len(slots)):
                if slots[other] == slots[j] and other != j:
                    _count(needs, u, demands[other, u])
            needs[LARGEST, u] = max(0.0, needs[LARGEST, u])
    for k in range(3):
        book[k] -= entries[k, j]
    book[AREA] -= areas[j]
    book[COUNT] -= 1.0


@njit(cache=True, nogil=True)
def _count(needs, u, demand):  # type: ignore[no-untyped-def]
    """Keep the largest demand and how many have it."""
    if demand > needs[LARGEST, u]:
        needs[LARGEST, u], needs[TIES, u] = demand, 1.0
    elif demand == needs[LARGEST, u]:
        needs[TIES, u] += 1.0


@njit(cache=True, nogil=True)
def pay(coincidence, stairs, needs, costs, row):  # type: ignore[no-untyped-def]
    """Write what the needs of park `row` cost."""
    for u in range(len(costs)):
        need = park_need(needs[TOTAL, u], needs[LARGEST, u], coincidence[u])
        costs[u] = stair_cost(stairs[0], stairs[1], row * len(costs) + u, need)


@njit(cache=True, nogil=True)
def judge(costs, book, money):  # type: ignore[no-untyped-def]
    """Return the saving of a park and what the budget pays for it."""
    _, shares, fee, _ = money
    worth, spent = book[WORTH], fee + book[ONSITE]
    if book[COUNT] == 1.0:
        worth += book[SPARED]
    for u in range(len(costs)):
        worth -= costs[u]
        spent += shares[u] * costs[u]
    return worth, spent


@njit(cache=True, nogil=True)
def copy_page(page, other):  # type: ignore[no-untyped-def]
    """Copy needs and book; a loop, because assigning rows compiles the text of an error."""
    for row in range(page[0].shape[0]):
        for u in range(page[0].shape[1]):
            other[0][row, u] = page[0][row, u]
    for k in range(len(page[1])):
        other[1][k] = page[1][k]
