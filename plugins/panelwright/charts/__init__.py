"""Charts: a named specification and a benchmark file become a static picture, a table and words."""

from panelwright.charts.draw import Chart, chart_names, draw_chart

__all__ = ["Chart", "chart_names", "draw_chart"]
