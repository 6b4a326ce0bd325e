"""Charts: a named specification and a benchmark file become a static picture, a table and words."""

from panelwright.charts.draw import Chart, chart_names, draw_chart
from panelwright.charts.machines import Machine, draw_machines

__all__ = ["Chart", "Machine", "chart_names", "draw_chart", "draw_machines"]
