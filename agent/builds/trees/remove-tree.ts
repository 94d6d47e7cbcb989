import { runCommand } from '../../exec/command.ts'

/**
 * Removes a folder that somebody's code could write to, whatever it left there. The program goes folder by folder, where Node names
 * each file from the root and gives up on what is deeper than the kernel takes in one name (4,096 bytes).
 */
export async function removeTree(directory: string): Promise<void> {
  const remove = ['rm', '-rf', '--', directory] as const
  if ((await runCommand(remove, { expectedStatuses: [1] })).status === 0) return
  // Without root its owner may have locked itself out of a folder, as Go's module cache does.
  await runCommand(['chmod', '-R', 'u+rwX', '--', directory], { expectedStatuses: [1] })
  await runCommand(remove)
}
