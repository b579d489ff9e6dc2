"""The table: printed, and written to bench/results/latest.json."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.client import Cost

LATEST = Path(__file__).with_name("results") / "latest.json"

#: name: (largest or smallest ratio or value that is good, "ratio" or "value", "≤" or "≥")
TARGETS: dict[str, tuple[float, str, str]] = {
    "wall": (20, "ratio", "≤"),
    "wall_filtered": (1.5, "ratio", "≤"),
    "thread": (20, "ratio", "≤"),
    "reply": (30, "ratio", "≤"),
    "get_other": (30, "ratio", "≤"),
    "queue": (25, "ratio", "≤"),
    "activity": (15, "ratio", "≤"),
    "answer": (40, "ratio", "≤"),
    "signin": (3, "value", "≤"),
    "worker_reply_ms": (5, "value", "≤"),
    "fsync_reply": (2, "value", "≤"),
    "fsync_idle": (0.1, "value", "≤"),
    "growth_wall": (1.2, "ratio", "≤"),
    "growth_thread": (1.2, "ratio", "≤"),
    "growth_reply": (1.2, "ratio", "≤"),
    "growth_get": (1.2, "ratio", "≤"),
    "export_csv": (0.5, "ratio", "≥"),
    "export_sav": (0.15, "ratio", "≥"),
    "export_dta": (0.15, "ratio", "≥"),
    "export_rss_mb": (400, "value", "≤"),
    "bands_s": (30, "value", "≤"),
    "measures_s": (60, "value", "≤"),
    "editions_s": (120, "value", "≤"),
    "editions_rss_mb": (1_000, "value", "≤"),
    "freeze_lock_ms": (50, "value", "≤"),
    "kanon_s": (1, "value", "≤"),
    "suppression_s": (10, "value", "≤"),
    "fanout_1000": (0.6, "ratio", "≥"),
    "fanout_5000": (0.6, "ratio", "≥"),
    "fanout_p99_ms": (100, "value", "≤"),
    "socket_kb": (30, "value", "≤"),
    "rss_idle_mb": (150, "value", "≤"),
    "rss_load_mb": (220, "value", "≤"),
    "writers_200_p99_to_p50": (10, "value", "≤"),
}


@dataclass(slots=True)
class Results:
    """Figures by name, each `{value, unit, baseline, ratio}` with a note where it helps."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        baseline: float | None = None,
        ratio: float | None = None,
        note: str = "",
    ) -> None:
        """One figure."""
        if ratio is None and baseline:
            ratio = value / baseline
        self.rows[name] = {
            "value": round(value, 4),
            "unit": unit,
            "baseline": None if baseline is None else round(baseline, 4),
            "ratio": None if ratio is None else round(ratio, 3),
            **({"note": note} if note else {}),
        }
        self._say(name)

    def cost(self, name: str, found: Cost, hello_ms: float, *, note: str = "") -> None:
        """CPU of server and database against hello."""
        split = f"server {found.server_ms:.2f} + database {found.database_ms:.2f} ms"
        self.put(
            name,
            found.total_ms,
            "ms CPU a request",
            baseline=hello_ms,
            note=f"{split}; wait p50 {found.median_ms:.1f}, p99 {found.p99_ms:.1f} ms"
            + (f"; {note}" if note else ""),
        )

    def detail(self, name: str, found: Cost) -> None:
        """A figure without a target."""
        self.put(name, found.total_ms, "ms CPU a request")

    def plain(self, name: str, value: float, unit: str, *, note: str = "") -> None:
        """A figure without a baseline."""
        self.put(name, value, unit, note=note)

    def _say(self, name: str) -> None:
        row = self.rows[name]
        target = TARGETS.get(name)
        verdict = ""
        if target is not None:
            bound, of, sign = target
            found = row[of]
            is_met = found is not None and (found <= bound if sign == "≤" else found >= bound)
            verdict = f"{sign} {bound:g} {'met' if is_met else 'MISSED'}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}×"
        print(
            f"{name:<24}{row['value']:>14,.3f} {row['unit']:<20}{ratio:>10}  {verdict:<16}"
            f"{row.get('note', '')}"
        )
        sys.stdout.flush()

    def write(self) -> None:
        """Keep them for the next to compare with."""
        LATEST.parent.mkdir(exist_ok=True)
        LATEST.write_text(json.dumps(self.rows, indent=2, ensure_ascii=False) + "\n")
