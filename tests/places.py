"""Where things are."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
OMSK = ROOT / "layers" / "omsk"
SHARED = ROOT.parent / "shared" / "data"
