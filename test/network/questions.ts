/** Questions to a process in a namespace, and its answers, over the channel that Node gives to a child: no fault reaches it. */
import { type ChildProcess, spawn } from 'node:child_process'

type Question = readonly [name: string, ...args: readonly unknown[]]

export interface Respondent {
  ask(...question: Question): Promise<unknown>
  end(): void
}

/** Runs `module` with this Node behind `command`, and waits until it answers. */
export async function startRespondent(command: readonly string[], module: string): Promise<Respondent> {
  const [program = '', ...args] = [...command, process.execPath, module]
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const pending = new Map<number, Pending>()
  let count = 0

  child.on('message', ({ number, answer, error }: Answer) => {
    const asked = pending.get(number)
    pending.delete(number)
    if (error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(error))
  })
  child.on('error', giveUp)
  child.on('exit', (code, signal) => giveUp(new Error(`${module} ended: ${code ?? signal}`)))

  function giveUp(error: Error): void {
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }

  const respondent: Respondent = {
    ask(...question) {
      return new Promise((resolve, reject) => {
        pending.set(++count, { resolve, reject })
        if (isOver(child)) giveUp(new Error(`${module} has ended`))
        else child.send({ number: count, question })
      })
    },
    end: () => child.kill('SIGKILL'),
  }
  await respondent.ask('ready')
  return respondent
}

interface Pending {
  resolve(answer: unknown): void
  reject(error: Error): void
}

interface Answer {
  readonly number: number
  readonly answer?: unknown
  readonly error?: string
}

/** In the child: answers with what the function of the question's name returns, and ends with its parent. */
export function respond(answers: { readonly [name: string]: (...args: never[]) => unknown }): void {
  process.on('disconnect', () => process.exit())
  process.on('message', async ({ number, question: [name, ...args] }: { number: number; question: Question }) => {
    try {
      const answer = name === 'ready' ? true : await answers[name]?.(...(args as never[]))
      process.send?.({ number, answer })
    } catch (error) {
      process.send?.({ number, error: String(error) })
    }
  })
}

function isOver({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null || pid === undefined
}
