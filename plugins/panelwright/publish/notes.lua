-- A span of the class "footnote" becomes a footnote: HTML has no element for one.
function Span(span)
  if span.classes:includes("footnote") then
    return pandoc.Note({ pandoc.Para(span.content) })
  end
end
