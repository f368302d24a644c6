import re,sys
def q(path):
    return '```ts title="%s"\n%s```' % (path, open(path).read())
for f in sys.argv[1:]:
    s=open(f).read()
    # refresh every quoted block from its file, and fill in placeholders
    s=re.sub(r'@@(docs/recipes/[\w./-]+)@@', lambda m:q(m[1]), s)
    s=re.sub(r'```ts title="([^"]+)"\n.*?```', lambda m:q(m[1]), s, flags=re.S)
    open(f,'w').write(s)
