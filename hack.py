import sqlite3,json
c=sqlite3.connect('state/sandbox/sandbox.sqlite')
print(c.execute("select name from sqlite_master").fetchall())
for r in c.execute("select * from custom_field"): print(r)
