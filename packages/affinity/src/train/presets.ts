/** What the training of an AffinityNet leaves to choose. */
export interface AffinitySchedule {
  /** Passes over the photos. */
  readonly epochs: number;
  /** Photos in a step. */
  readonly batchSize: number;
  /** Of pretrained weights; new layers have ten times that, biases twice. */
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** PSA's `train_aff.py`, for VGG16. */
export const PSA_AFFINITY_TRAINING = {
  epochs: 8,
  batchSize: 8,
  learningRate: 0.1,
  weightDecay: 5e-4,
} as const satisfies AffinitySchedule;

/** The same for ResNet-38d: its author's users, and SEAM, take a tenth of the learning rate. */
export const PSA_RESNET38_AFFINITY_TRAINING = { ...PSA_AFFINITY_TRAINING, learningRate: 0.01 } as const;
