// The scenarios of SNS: importing a file registers what it tells.
export {};
