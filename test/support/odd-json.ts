import fc from './fast-check.ts'

const space = fc.constantFrom('', ' ', '  ')

const number = fc.oneof(
  fc.constantFrom('1e-07', '1.0', '-0', '0', '-0.0', '1E+2', '0.1', '1e400', '5e-324'),
  // Above 2^53, where JSON.parse rounds.
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
)

const string = fc.oneof(
  fc.string({ unit: 'grapheme' }).map(text => JSON.stringify(text)),
  fc.constantFrom('"\\ud800"', '"\\udc00x"', '"\\u00e9"', '"\\/"', '"\\u0000"', '"\\ud83d\\ude00"', '""'),
)

/** Repeated now and then, and those that mean something to the format or to JavaScript. */
const names =
  '__proto__ constructor type 1 0 a A \\u0061 length __data__ __event__ __id__ __retry__ __comment__ __raw__ __base64__ __type__'
const key = fc.oneof(
  fc.constantFrom('', ...names.split(' ')).map(name => `"${name}"`),
  string,
)

/** Texts of JSON as providers may send it, not as JavaScript would print it. */
export const oddJson: fc.Arbitrary<string> = fc.letrec<{ value: string }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(number, string, fc.constantFrom('null', 'true', 'false', '{}', '[]')),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 3 }), space)
      .map(([items, gap]) => `[${items.join(`,${gap}`)}]`),
    fc
      .tuple(fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }), space)
      .map(([entries, gap]) => `{${entries.map(([name, item]) => `${name}:${gap}${item}`).join(`,${gap}`)}}`),
  ),
})).value
