# Reads what turbo printed of Jest's runs, and prints each failed test once: where it is, and the first lines of its message.
BEGIN { most = 30 }
{
  gsub(/\033\[[0-9;]*m/, "")
  workspace = ""
  if (match($0, /^[^ ]+:(test|proof): ?/)) {
    workspace = substr($0, 1, index($0, ":") - 1) "/"
    $0 = substr($0, RLENGTH + 1)
  }
}
/^ *(PASS|FAIL) / { file = workspace $2; left = 0; next }
/^(Test Suites:|Summary of all failing tests)/ { left = 0; next }
/^  ● / {
  left = 0
  sub(/^ */, "")
  if (/^● Console$/ || seen[file, $0]++) next
  print ""
  print file " " $0
  left = most
  next
}
left > 0 { print; left-- }
