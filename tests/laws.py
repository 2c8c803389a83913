"""The laws every stage keeps, as functions: what a change that means nothing must not change.

`run(change)` runs a stage, or the whole study, on its input after `change` and returns its
tables by name; `change` is one of the keywords below.
"""

from pandas.testing import assert_frame_equal

CENTIMETRE = 0.01


def running_twice_changes_nothing(run):
    same(run(), run())


def shuffling_rows_changes_nothing(run, seed):
    same(run(), run(order=seed))


def moving_the_map_changes_nothing(run, cells):
    """Whole cells, because a raster is involved; only the coordinates themselves move."""
    same(run(), run(move_cells=cells), moved=True)


def a_useless_row_changes_nothing(run, useless):
    same(run(), run(useless=useless))


def same(first, second, *, moved=False):
    assert first.keys() == second.keys()
    for name, frame in first.items():
        other = second[name]
        geometries = [c for c in frame.columns if str(frame[c].dtype) == "geometry"]
        assert_frame_equal(
            frame.drop(columns=geometries),
            other.drop(columns=geometries),
            obj=name,
            rtol=1e-9,
            atol=1e-6,
            check_like=False,
            check_column_type=False,
        )
        if not moved:
            for column in geometries:
                ours, theirs = frame[column], other[column]
                assert (ours.geom_equals_exact(theirs, CENTIMETRE) | ours.isna()).all(), name
