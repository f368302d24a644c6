/**
 * The transport contract, rules TR1 to TR7 of docs/behavior.md, as one suite for every transport in every environment:
 * fakes in Node, real servers in a browser. It waits for what can be observed, and touches no host.
 */
import { describe } from 'vitest'
import type { Circumstances } from './circumstances.ts'
import { describeClients } from './describe-clients.ts'
import { describeLinks } from './describe-links.ts'
import { describeProviders } from './describe-providers.ts'

export function describeTransport(name: string, circumstances: Circumstances): void {
  describe(name, () => {
    describeLinks(circumstances)
    describeProviders(circumstances)
    describeClients(circumstances)
  })
}
