/**
 * The 3DS Server's reference number, in the form that EMVCo assigns at approval. This one is for the simulated
 * network: no approval has been given.
 */
export const SERVER_REFERENCE = 'PAYRESORT_SER_TEST_020200_00001';
