import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const SCRIPTS = path.resolve(import.meta.dirname, '../../docs/ci')

interface Run {
  readonly code: number
  readonly output: string
}

describe('the scripts for CI', () => {
  let cwd = ''

  beforeEach(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'belt-ci-'))
    await mkdir(path.join(cwd, 'bin'))
    await writeFile(path.join(cwd, 'belt.yaml'), '')
  })

  afterEach(async () => {
    await rm(cwd, { recursive: true, force: true })
  })

  /** A program on PATH that notes its arguments, one call a line, and goes on with `body`. */
  async function fake(name: string, body: string): Promise<void> {
    const file = path.join(cwd, 'bin', name)
    await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "$CALLS"\n${body}\n`)
    await chmod(file, 0o755)
  }

  function script(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
    const PATH = `${path.join(cwd, 'bin')}:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
    const CALLS = path.join(cwd, 'calls')
    const all = { PATH, CALLS, GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: 'merge1', BELT_PAUSE_SECONDS: '0', ...env }
    return new Promise((resolve, reject) => {
      execFile(path.join(SCRIPTS, name), [...args], { cwd, env: all }, (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, output: stdout + stderr })
        else if (typeof error.code === 'number') resolve({ code: error.code, output: stdout + stderr })
        else reject(new Error(`${name} did not end by itself`, { cause: error }))
      })
    })
  }

  const calls = async (): Promise<readonly string[]> =>
    (await readFile(path.join(cwd, 'calls'), 'utf8')).trimEnd().split('\n')

  describe('plan.sh', () => {
    it('succeeds with changes and without, and tells which', async () => {
      const output = path.join(cwd, 'output')
      await fake('belt', 'echo "<!-- belt-plan shop -->"; exit 2')
      expect(await script('plan.sh', ['belt.yaml', 'plan'], { GITHUB_OUTPUT: output })).toMatchObject({ code: 0 })
      await fake('belt', 'echo "<!-- belt-plan shop -->"; exit 0')
      expect(await script('plan.sh', ['belt.yaml', 'plan'], { GITHUB_OUTPUT: output })).toMatchObject({ code: 0 })
      expect(await readFile(output, 'utf8')).toBe('code=2\ncode=0\n')
      expect((await calls())[0]).toBe(
        'belt plan --no-input -f belt.yaml --out plan/plan.json --markdown --detailed-exitcode',
      )
    })

    it('fails when the plan has errors, and keeps the findings for the comment', async () => {
      await fake('belt', 'echo "<!-- belt-plan shop -->"; echo findings; exit 1')
      expect((await script('plan.sh', ['belt.yaml', 'plan'])).code).toBe(1)
      expect(await readFile(path.join(cwd, 'plan/plan.md'), 'utf8')).toContain('findings')
    })

    it('has something to comment even when belt said nothing', async () => {
      await fake('belt', 'exit 64')
      expect((await script('plan.sh', ['belt.yaml', 'plan'])).code).toBe(1)
      expect(await readFile(path.join(cwd, 'plan/plan.md'), 'utf8')).toMatch(/^<!-- belt-plan -->\n[\s\S]*exit code 64/)
    })
  })

  describe('comment.sh', () => {
    const comment = (id: number, type: string, body: string): object => ({ id, user: { type }, body })

    async function post(pages: readonly (readonly object[])[]): Promise<Run> {
      await writeFile(path.join(cwd, 'plan.md'), '<!-- belt-plan shop -->\n\nthe plan\n')
      await writeFile(path.join(cwd, 'pages.json'), JSON.stringify(pages))
      await fake('gh', 'case "$*" in *--paginate*) cat pages.json ;; esac')
      return script('comment.sh', ['plan.md', '7'])
    }

    it('posts the first plan', async () => {
      expect(await post([[comment(1, 'User', 'hello')], []])).toMatchObject({ code: 0 })
      expect((await calls()).at(-1)).toBe(
        'gh api --silent --method POST repos/acme/shop/issues/7/comments -F body=@plan.md',
      )
    })

    it('replaces its own comment of the same migration, on whatever page', async () => {
      const ours = comment(42, 'Bot', '<!-- belt-plan shop -->\r\n\r\nold')
      const other = comment(41, 'Bot', '<!-- belt-plan other -->\n')
      const quoted = comment(40, 'User', '<!-- belt-plan shop -->\nnot mine')
      expect(await post([[quoted, other], [ours]])).toMatchObject({ code: 0 })
      expect((await calls()).at(-1)).toContain('--method PATCH repos/acme/shop/issues/comments/42')
    })

    it('refuses what is not Markdown of belt', async () => {
      await writeFile(path.join(cwd, 'x.md'), 'hello\n')
      await fake('gh', 'exit 0')
      expect((await script('comment.sh', ['x.md', '7'])).code).toBe(1)
    })
  })

  describe('fetch-plan.sh', () => {
    async function fetchPlan(pulls: readonly object[], runs: readonly object[]): Promise<Run> {
      await writeFile(path.join(cwd, 'pulls.json'), JSON.stringify(pulls))
      await writeFile(path.join(cwd, 'runs.json'), JSON.stringify(runs))
      await fake('gh', 'case "$1 $2" in "run list") cat runs.json ;; "run download") ;; *) cat pulls.json ;; esac')
      return script('fetch-plan.sh', ['plan'])
    }
    const merged = { merge_commit_sha: 'merge1', head: { sha: 'head1' } }

    it('fetches the newest plan of the last commit of the merged pull request', async () => {
      const runs = [
        { databaseId: 11, createdAt: '2026-11-01T00:00:00Z' },
        { databaseId: 12, createdAt: '2026-11-02T00:00:00Z' },
      ]
      expect(await fetchPlan([{ merge_commit_sha: 'x', head: { sha: 'y' } }, merged], runs)).toMatchObject({ code: 0 })
      expect((await calls())[1]).toContain('--commit head1 --status success')
      expect((await calls()).at(-1)).toBe('gh run download 12 --name belt-plan --dir plan')
    })

    it('has nothing to fetch for a commit without a pull request', async () => {
      expect(await fetchPlan([], [])).toMatchObject({ code: 0 })
      expect(await calls()).toHaveLength(1)
    })

    it('fails when the merged commit was never planned', async () => {
      expect((await fetchPlan([merged], [])).code).toBe(1)
    })
  })

  describe('apply.sh', () => {
    const apply = async (body: string): Promise<Run> => {
      await writeFile(path.join(cwd, 'plan.json'), '{}')
      await fake('belt', body)
      return script('apply.sh', ['belt.yaml', 'plan.json'])
    }

    it('goes on after a stop and a held lock until it is done', async () => {
      const body = 'n=$(wc -l < "$CALLS"); [ "$n" -eq 1 ] && exit 4; [ "$n" -eq 2 ] && exit 5; exit 0'
      expect((await apply(body)).code).toBe(0)
      expect(await calls()).toEqual(Array(3).fill('belt apply --no-input -f belt.yaml plan.json'))
    })

    it('does not repeat what is refused', async () => {
      expect((await apply('exit 3')).code).toBe(3)
      expect(await calls()).toHaveLength(1)
    })

    it('gives up in the end, with the last exit code', async () => {
      expect((await apply('exit 4')).code).toBe(4)
      expect(await calls()).toHaveLength(5)
    })

    it('has nothing to do without a plan', async () => {
      await fake('belt', 'exit 1')
      expect((await script('apply.sh', ['belt.yaml', 'none.json'])).code).toBe(0)
    })
  })

  describe('drift.sh', () => {
    async function drift(code: number, issues: readonly object[]): Promise<Run> {
      await writeFile(path.join(cwd, 'issues.json'), JSON.stringify(issues))
      await fake('belt', `printf '%s\\n' 'Drift: ' '\`\`\`' '@everyone'; exit ${code}`)
      await fake(
        'gh',
        'case "$2" in list) cat issues.json ;; create | edit) for last; do :; done; cp "$last" body ;; esac',
      )
      return script('drift.sh', ['belt.yaml'])
    }
    const open = { number: 5, title: 'belt: drift of belt.yaml' }

    it('opens one issue, as text that names cannot break out of', async () => {
      expect((await drift(2, [{ number: 4, title: 'belt: drift of belt.yaml.old' }])).code).toBe(2)
      expect((await calls()).at(-1)).toContain('gh issue create --title belt: drift of belt.yaml')
      expect(await readFile(path.join(cwd, 'body'), 'utf8')).toBe('    Drift: \n    ```\n    @everyone\n')
    })

    it('keeps the open one up to date, and closes it when the drift is gone', async () => {
      expect((await drift(2, [open])).code).toBe(2)
      expect((await calls()).at(-1)).toContain('gh issue edit 5')
      expect((await drift(0, [open])).code).toBe(0)
      expect((await calls()).at(-1)).toContain('gh issue close 5')
    })

    it('touches no issue when drift cannot be told', async () => {
      expect((await drift(1, [open])).code).toBe(1)
      expect(await calls()).toHaveLength(1)
    })
  })
})

describe('the workflow', () => {
  it('runs only scripts that are there, and gives no job more than it needs', async () => {
    const workflow = parse(await readFile(path.join(SCRIPTS, 'github-actions.yml'), 'utf8')) as {
      readonly permissions: object
      readonly jobs: Readonly<
        Record<
          string,
          { readonly if: string; readonly permissions: object; readonly steps: readonly { readonly run?: string }[] }
        >
      >
    }
    const used = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap(({ run }) => run?.split(' ')[0] ?? []))
    expect(used.length).toBeGreaterThanOrEqual(5)
    for (const file of used) await readFile(path.join(SCRIPTS, path.basename(file)), 'utf8')
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(workflow.jobs['plan']?.if).toContain('head.repo.full_name == github.repository')
    expect(workflow.jobs['apply']?.permissions).toEqual({ contents: 'read', actions: 'read', 'pull-requests': 'read' })
  })
})
