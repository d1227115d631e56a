/// The operations of the reference backend, a file for each family.
///
/// Each function takes what the operation's doc comment lists, in its order. Sizes are those that the graph's
/// builders have checked.
enum Reference {
    /// The outputs of `node`, which is neither an input nor a parameter.
    static func evaluate(_ node: Graph.Node, _ inputs: [ReferenceTensor]) throws -> [ReferenceTensor] {
        let shape = node.outputs[0].shape
        switch node.operation {
        case .input, .parameter:
            throw NeuralError(.unsupported, "\(node.operation) is not computed")
        case .fill(let value): return [ReferenceTensor(shape, repeating: Double(value))]

        case .convolution(let c): return [convolution(c, inputs, shape)]
        case .convolutionInputGradient(let c): return [convolutionInputGradient(c, inputs[0], inputs[1], shape)]
        case .convolutionWeightGradient(let c): return convolutionWeightGradient(c, inputs[0], inputs[1], shape)
        case .batchNormalization(let epsilon):
            return batchNormalization(inputs[0], inputs[1], inputs[2], Double(epsilon))
        case .batchNormalizationGradient(let epsilon): return batchNormalizationGradient(inputs, Double(epsilon))
        case .batchNormalizationReLU(let epsilon):
            return activated(batchNormalization(inputs[0], inputs[1], inputs[2], Double(epsilon)))
        case .batchNormalizationReLUGradient(let epsilon):
            return batchNormalizationGradient(passed(inputs), Double(epsilon))
        case .batchNormalizationInference(let epsilon): return [batchNormalizationInference(inputs, Double(epsilon))]
        case .pooling(let p): return pooling(p, inputs[0], shape)
        case .poolingGradient(let p, let inputShape): return [poolingGradient(p, inputs, inputShape)]
        case .upsample(let u): return [upsample(u, inputs[0], shape)]
        case .upsampleGradient(let u): return [upsampleGradient(u, inputs[0], shape)]
        case .normalizeFrames(let scale, let shift): return [normalizeFrames(inputs[0], scale, shift)]

        case .unary(let function): return [unary(function, inputs[0])]
        case .unaryGradient(let function): return [unaryGradient(function, inputs[0], inputs[1])]
        case .binary(let function): return [binary(function, inputs[0], inputs[1], shape)]
        case .dropoutMask(let rate, let stream): return [dropoutMask(rate, stream, inputs[0], shape)]

        case .matmul(let a, let b): return [matmul(inputs, transposeA: a, transposeB: b, shape)]
        case .reduce(let reduction, let axes, _): return [reduce(reduction, inputs[0], axes, shape)]
        case .maximumGradient(let axes): return [maximumGradient(inputs[0], inputs[1], inputs[2], axes)]
        case .softmax(let logarithm): return [softmax(inputs[0], logarithm: logarithm)]
        case .softmaxGradient(let logarithm): return [softmaxGradient(inputs[0], inputs[1], logarithm: logarithm)]
        case .layerNormalization(let epsilon):
            return layerNormalization(inputs[0], inputs[1], inputs[2], Double(epsilon))
        case .layerNormalizationGradient(let epsilon): return layerNormalizationGradient(inputs, Double(epsilon))

        case .reshape: return [ReferenceTensor(shape, inputs[0].values)]
        case .transpose(let permutation): return [transpose(inputs[0], permutation, shape)]
        case .concatenate(let axis): return [concatenate(inputs, axis, shape)]
        case .slice(let starts): return [slice(inputs[0], starts, shape)]
        case .pad(let starts): return [pad(inputs[0], starts, shape)]
        case .broadcast: return [broadcast(inputs[0], shape)]

        case .gru(let reversed): return gru(inputs, reversed: reversed)
        case .gruGradient(let reversed): return gruGradient(inputs, reversed: reversed)
        }
    }
}
