import { test } from 'vitest'
import { pair } from '../../support/servers.js'
import { restartBroken } from './support/restart.js'

test('a copy that cannot be mended is taken away and made anew, also when belt is killed behind the truncation', async () => {
  await restartBroken(await pair(15, 17, 'restart'), () => ['after-sql:truncate.target'])
})
