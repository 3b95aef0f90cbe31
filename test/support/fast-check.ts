import fc from 'fast-check'

// To make a failure that was found as small as can be may take hours, in which no other test runs. It is told as it is then.
fc.installGlobalPlugin(fc.interruptAfterTimeLimit(50_000))

export default fc
