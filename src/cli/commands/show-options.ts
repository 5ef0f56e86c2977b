import { type Command, Option } from 'commander'

/** The options that decide how a plan is shown. */
export function addShowOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'as JSON (version 1)').conflicts('markdown'))
    .addOption(new Option('--markdown', 'as Markdown for a pull request comment').conflicts('json'))
    .option('--html <file>', 'also write a page that needs nothing else')
    .option('--all', 'list every action, however many there are')
    .option('--sql', 'list every action with its SQL')
}
