/** Judges what the compiler and the linter let pass. Pure functions over the text of one file. */
import ts from 'typescript'

const unfinished = /\b(?:TODO|FIXME)\b/
const machinePath = /(?<![\w.-])\/(?:work|home|root)\//

/**
 * What every host has and what does nothing by being used: the language's own. All else that is reached while a module is
 * evaluated is a contact with the host, which may lack it or may have replaced it later.
 */
const pure = new Set(
  `undefined NaN Infinity Object Array String Number Boolean Symbol BigInt Math JSON RegExp Map Set WeakMap WeakSet WeakRef
   Error TypeError RangeError AggregateError ArrayBuffer DataView Uint8Array Uint32Array`.split(/\s+/),
)

/** Marks of unfinished work, and paths of somebody's machine. */
export function judgeText(path: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const found: string[] = []
    const place = `${path}:${index + 1}`
    if (unfinished.test(line)) found.push(`${place} is unfinished: ${line.trim()}`)
    if (machinePath.test(line)) found.push(`${place} has a path of one machine: ${line.trim()}`)
    return found
  })
}

/** Uses of the console, and whatever the module reaches in its host by being imported. */
export function judgeSource(path: string, source: string): readonly string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const report = (node: ts.Node, what: string) => {
    found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${what}`)
  }

  walk(file, (node) => {
    if (ts.isIdentifier(node) && node.text === 'console' && isValue(node)) report(node, 'uses the console')
    return true
  })

  const own = findDeclared(file)
  walk(file, (node) => {
    if (ts.isIdentifier(node) && isValue(node) && !own.has(node.text) && !pure.has(node.text)) {
      report(node, `touches ${node.text} when it is imported`)
    }
    return isEvaluated(node)
  })
  return found
}

/** The names that the module's own top level declares, imports included. */
function findDeclared(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>()
  walk(file, (node) => {
    if (ts.isIdentifier(node) && isDeclaredName(node)) names.add(node.text)
    return isEvaluated(node)
  })
  return names
}

function isDeclaredName(node: ts.Identifier): boolean {
  const { parent } = node
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isClassDeclaration(parent) ||
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent)
  return declares && parent.name === node
}

/** Whether it is read as a value: neither a declared name nor a name of a property, an export or a label. */
function isValue(node: ts.Identifier): boolean {
  const parent: ts.Node & { readonly name?: ts.Node; readonly propertyName?: ts.Node; readonly label?: ts.Node } =
    node.parent
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isExportSpecifier(parent)) return false
  return parent.name !== node && parent.propertyName !== node && parent.label !== node
}

/** Whether importing the module runs what is inside: not a function's body, unless it is called or handed to a call there and then. */
function isEvaluated(node: ts.Node): boolean {
  if (ts.isFunctionExpression(node) || ts.isArrowFunction(node)) {
    let outer = node.parent
    while (ts.isParenthesizedExpression(outer)) outer = outer.parent
    return ts.isCallExpression(outer) || ts.isNewExpression(outer)
  }
  if (ts.isPropertyDeclaration(node)) {
    return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false
  }
  return !ts.isFunctionLike(node)
}

/** Visits every node but types; goes into one only if `visit` says so. */
function walk(node: ts.Node, visit: (node: ts.Node) => boolean): void {
  ts.forEachChild(node, (child) => {
    if (!isType(child) && visit(child)) walk(child, visit)
  })
}

function isType(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTypeParameterDeclaration(node))
    return true
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)
}
