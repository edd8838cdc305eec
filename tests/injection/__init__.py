"""No value escapes: every payload in every text of a spec, and what each emitted file then says to its own reader."""
