# Compares what charon said (first file) with what we said (second), a section a command (`== COMMAND`), and wants each line that one of
# them said alone to be in the table of differences, and each row of it to be needed.
#
#   rows=FILE     the table: | command | charon says | Sallyport says | why |, regular expressions of whole lines between backticks
#   needed=FILE   the rows that explained something are added here
#   idle=1        no comparison: names the rows that are not in `needed`
function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }
function pattern(cell) { cell = trim(cell); if (cell !~ /^`.*`$/) return ""; cell = substr(cell, 2, length(cell) - 2); gsub(/\\\|/, "|", cell); return cell }
function row(line, cell, n) {
    gsub(/\\\|/, "\001", line)
    n = split(line, cell, "|")
    for (i = 1; i <= n; i++) gsub(/\001/, "\\|", cell[i])
    if (n < 6) return
    count++
    command[count] = pattern(cell[2]); theirs[count] = pattern(cell[3]); ours[count] = pattern(cell[4])
    if (trim(cell[5]) == "") { print "row " command[count] " gives no reason"; bad++ }
}
function explains(line, side, c, k, p) {
    for (k = 1; k <= count; k++) {
        p = side == 1 ? theirs[k] : ours[k]
        if (p != "" && match(c, "^(== )?(swanctl )?" command[k]) && line ~ ("^(" p ")$")) { print k >>needed; explained++; return 1 }
    }
    return 0
}
# Lines of a section, as multisets would lose their order: the longest common subsequence keeps it.
function compare(c, n, m, i, j, L) {
    n = size[1, c]; m = size[2, c]
    for (i = n; i >= 0; i--) for (j = m; j >= 0; j--)
        L[i, j] = i == n || j == m ? 0 : line[1, c, i + 1] == line[2, c, j + 1] ? L[i + 1, j + 1] + 1 : (L[i + 1, j] > L[i, j + 1] ? L[i + 1, j] : L[i, j + 1])
    i = j = 0
    while (i < n || j < m) {
        if (i < n && j < m && line[1, c, i + 1] == line[2, c, j + 1]) { i++; j++; same++ }
        else if (j == m || i < n && L[i + 1, j] >= L[i, j + 1]) alone(1, c, line[1, c, ++i])
        else alone(2, c, line[2, c, ++j])
    }
}
function alone(side, c, text) { if (!explains(text, side, order[c])) { print order[c]; print (side == 1 ? "  charon:    " : "  Sallyport: ") text; bad++ } }
BEGIN {
    while ((getline text <rows) > 0) if (text ~ /^\| `/) row(text)
    if (count == 0) { print "no rows in " rows; exit failed = 1 }
    if (idle) {
        while ((getline text <needed) > 0) used[text] = 1
        for (k = 1; k <= count; k++) if (!(k in used)) { print "explains nothing: " command[k] " | " theirs[k] " | " ours[k]; bad++ }
        if (!bad) print count " rows, each of them needed"
        exit failed = bad > 0
    }
}
FNR == 1 { side++; section = 0 }
/^== / {
    sub(/ \/[^ ]*\//, " ")
    section++
    if (side == 1) order[section] = $0; else if (order[section] != $0) { print "not the same walk: " order[section] " and " $0; bad++ }
    next
}
{ line[side, section, ++size[side, section]] = $0 }
END {
    if (failed || idle) exit failed
    for (s = 1; s <= section; s++) compare(s)
    if (!bad) print section " commands, " same " lines as charon's, " explained " that differ, each explained"
    exit bad > 0
}
