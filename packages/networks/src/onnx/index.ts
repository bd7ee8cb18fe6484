export { type OnnxFeaturesOptions, type OnnxSession, type OnnxTensor, onnxFeatures } from './onnx-features';
