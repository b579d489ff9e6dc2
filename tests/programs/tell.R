# What R sees in a data frame, a line a fact: label, code, missing code, value.
library(haven)

fact <- function(...) cat(..., sep = "\t", fill = FALSE)

tell_value <- function(x) {
  if (is.character(x)) return(x)
  tag <- if (is.double(x)) na_tag(x) else NA_character_
  ifelse(is.na(tag), format(as.double(unclass(x)), digits = 15, trim = TRUE), tag)
}

tell <- function(frame) {
  for (name in names(frame)) {
    column <- frame[[name]]
    fact("label", name, attr(column, "label"))
    cat("\n")
    labels <- attr(column, "labels")
    for (n in seq_along(labels)) {
      fact("code", name, tell_value(labels[n]), names(labels)[n])
      cat("\n")
    }
    for (code in c(attr(column, "na_values"), attr(column, "na_range"))) {
      fact("missing", name, code)
      cat("\n")
    }
    for (value in vapply(seq_along(column), function(n) tell_value(zap(column)[n]), "")) {
      fact("value", name, value)
      cat("\n")
    }
  }
}

# The values as they are kept, without what haven would do to those that are missing.
zap <- function(column) {
  attributes(column) <- NULL
  column
}
