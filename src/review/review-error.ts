/** Says why a question about the cassettes has no answer: what is not there, and what to do about it. */
export class ReviewError extends Error {
  override name = 'ReviewError'
}
