# What R itself finds in the tables that measures are computed from, a line a figure.
told <- function(name, ...) cat(name, ..., sep = "\t", fill = FALSE)
line <- function(name, ...) { told(name, format(c(...), digits = 15, trim = TRUE)); cat("\n") }
student <- function(name, x) line(name, mean(x), t.test(x)$conf.int)

people <- read.csv("people.csv")
doses <- merge(people, read.csv("doses.csv"))
both <- aggregate(cbind(giving, receiving, posts, active_days, days_observable) ~ participant,
                  data = doses, FUN = sum)

exchanged <- both[both$giving + both$receiving > 0, ]
student("balance", with(exchanged, (giving - receiving) / (giving + receiving)))

rate <- with(both, active_days * 28 / days_observable)
line("active_days", quantile(rate, c(0.25, 0.5, 0.75), type = 7))

posts <- sort(both$posts)
n <- length(posts)
line("gini", sum((2 * seq_len(n) - n - 1) * posts) / (n * sum(posts)))
line("top", sum(rev(posts)[seq_len(ceiling(n / 10))]) / sum(posts))

given <- read.csv("pairs.csv")
names <- as.character(people$participant)
weights <- matrix(0, length(names), length(names), dimnames = list(names, names))
weights[cbind(given$participant, given$counterpart)] <- given$giving
diag(weights) <- 0
there <- weights > 0
line("reciprocity", sum(there & t(there)) / sum(there),
     sum(pmin(weights, t(weights))) / sum(weights))

scores <- read.csv("scores.csv")
line("both", sum(!is.na(scores$first) & !is.na(scores$then)))
for (area in unique(scores$area)) {
  change <- with(scores[scores$area == area, ], then - first)
  student(paste0("area_", area), change[!is.na(change)])
}
for (kind in unique(scores$kind)) {
  value <- scores$value[scores$kind == kind]
  student(paste0("kind_", kind), value[!is.na(value)])
}
