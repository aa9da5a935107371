/** The git ref of the version before this one; null: the last release's. */
export const upgradeFrom = (): string | null => process.env.SPILLWAY_UPGRADE_FROM || null;
