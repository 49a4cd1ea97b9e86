"""Code in languages that cannot be run here, with what it gives."""

# The closer ones first. The key begins with the name of the language; then
# the words that ask for it (one of each group, parted by ";"), the code, its output.
SNIPPETS = {
    "sql of sales": (
        "sql query database postgres postgresql sqlite;"
        "customer customers klant klanten order orders bestelling bestellingen sale sales sold"
        " spent omzet verkocht purchase purchases product products",
        """CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE purchase (customer_id INTEGER REFERENCES customer, bought DATE, cents INTEGER);

INSERT INTO customer VALUES (1, 'Anna'), (2, 'Bram'), (3, 'Chris');
INSERT INTO purchase VALUES
  (1, '2026-10-03', 1250),
  (2, '2026-10-09', 4995),
  (1, '2026-10-21', 8900),
  (3, '2026-10-30', 2400),
  (2, '2026-11-02', 9900);

SELECT name, count(*) AS purchases, sum(cents) AS cents
  FROM purchase JOIN customer ON customer.id = customer_id
 WHERE bought >= '2026-10-01' AND bought < '2026-11-01'
 GROUP BY customer.id, name
 ORDER BY sum(cents) DESC
 LIMIT 2;""",
        "| name | purchases | cents |\n|---|---:|---:|\n| Anna | 2 | 10150 |\n| Bram | 1 | 4995 |",
    ),
    "sql": (
        "sql query database postgres postgresql sqlite",
        """CREATE TABLE reading (station TEXT, taken DATE, level_cm INTEGER);

INSERT INTO reading VALUES
  ('Den Helder', '2026-11-01', 42),
  ('Den Helder', '2026-11-02', 118),
  ('Harlingen',  '2026-11-01', 55),
  ('Harlingen',  '2026-11-02', 143),
  ('Vlissingen', '2026-11-02', 97);

SELECT station,
       count(*)      AS readings,
       max(level_cm) AS highest
  FROM reading
 GROUP BY station
HAVING max(level_cm) > 100
 ORDER BY highest DESC;""",
        "| station | readings | highest |\n|---|---:|---:|\n| Harlingen | 2 | 143 |\n| Den Helder"
        " | 2 | 118 |",
    ),
    "bash": (
        "bash shell terminal linux command zsh backup",
        """#!/usr/bin/env bash
set -euo pipefail

# Keep the last seven backups of a folder.
source_dir=${1:?which folder?}
target_dir=${2:-"$HOME/backups"}
mkdir -p "$target_dir"

name="$(basename "$source_dir")-$(date +%F).tar.gz"
tar -czf "$target_dir/$name" -C "$(dirname "$source_dir")" "$(basename "$source_dir")"
ls -1t "$target_dir"/*.tar.gz | tail -n +8 | xargs -r rm --
echo "made $target_dir/$name\"""",
        "",
    ),
    "html": (
        "html webpage website page form webpagina formulier",
        """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Sign up</title>
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <form action="/join" method="post">
      <label for="mail">E-mail address</label>
      <input id="mail" name="mail" type="email" autocomplete="email" required>
      <button>Join</button>
    </form>
  </body>
</html>""",
        "",
    ),
    "css": (
        "css stylesheet style layout grid flexbox opmaak",
        """:root { --ink: #1c2433; --paper: #fbfaf6; --accent: #2b54a6; }

.gallery {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
  gap: 1rem;
}

.gallery img { width: 100%; border-radius: 0.5rem; }

@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebf2; --paper: #12161f; --accent: #8fb0f2; }
}""",
        "",
    ),
    "rust": (
        "rust cargo",
        """fn collatz_steps(mut n: u64) -> u32 {
    let mut steps = 0;
    while n != 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
    }
    steps
}

fn main() {
    for start in [6, 7, 27] {
        println!("{start:>3} {}", collatz_steps(start));
    }
}""",
        "```text\n  6 8\n  7 16\n 27 111\n```",
    ),
    "go": (
        "golang goroutine",
        """package main

import "fmt"

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func main() {
	fmt.Println(gcd(1071, 462))
}""",
        "```text\n21\n```",
    ),
}  # fmt: skip
