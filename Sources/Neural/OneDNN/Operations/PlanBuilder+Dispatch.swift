extension PlanBuilder {
    /// Adds the steps of one node.
    func add(_ node: Int) throws {
        switch graph.nodes[node].operation {
        case .input, .parameter: try bind(node)
        case .fill(let value): fill(node, value)
        case .convolution(let c): try convolution(node, c)
        case .convolutionInputGradient(let c): try convolutionInputGradient(node, c)
        case .convolutionWeightGradient(let c): try convolutionWeightGradient(node, c)
        case .batchNormalization(let epsilon): try batchNormalization(node, epsilon, given: false)
        case .batchNormalizationReLU(let epsilon): try batchNormalization(node, epsilon, given: false, relu: true)
        case .batchNormalizationReLUGradient(let epsilon): try batchNormalizationGradient(node, epsilon, relu: true)
        case .batchNormalizationInference(let epsilon): try batchNormalization(node, epsilon, given: true)
        case .batchNormalizationGradient(let epsilon): try batchNormalizationGradient(node, epsilon)
        case .pooling(let pooling): try self.pooling(node, pooling)
        case .poolingGradient(let pooling, _): try poolingGradient(node, pooling)
        case .upsample(let upsampling): try upsample(node, upsampling)
        case .upsampleGradient(let upsampling): try upsampleGradient(node, upsampling)
        case .normalizeFrames(let scale, let shift): normalizeFrames(node, scale, shift)
        case .unary(let function): try unary(node, function)
        case .unaryGradient(let function): try unaryGradient(node, function)
        case .binary(let function): try binary(node, function)
        case .dropoutMask(let rate, let stream): try dropoutMask(node, rate, stream)
        case .matmul(let transposeA, let transposeB): try matmul(node, transposeA, transposeB)
        case .reduce(let reduction, let axes, _): try reduce(node, reduction, axes)
        case .maximumGradient(let axes): try maximumGradient(node, axes)
        case .softmax(let logarithm): try softmax(node, logarithm)
        case .softmaxGradient(let logarithm): try softmaxGradient(node, logarithm)
        case .layerNormalization(let epsilon): try layerNormalization(node, epsilon)
        case .layerNormalizationGradient(let epsilon): try layerNormalizationGradient(node, epsilon)
        case .reshape: try reshape(node)
        case .transpose(let permutation): try transpose(node, permutation)
        case .concatenate(let axis): try concatenate(node, axis)
        case .slice(let starts): try slice(node, starts)
        case .pad(let starts): try pad(node, starts)
        case .broadcast: broadcast(node)
        case .gru(let reversed): try gru(node, reversed)
        case .gruGradient(let reversed): try gruGradient(node, reversed)
        }
    }

    /// The inputs of a node.
    func operands(_ node: Int) -> [Graph.Value] { graph.nodes[node].inputs }
    /// One of the outputs of a node.
    func result(_ node: Int, _ output: Int = 0) -> Graph.Value { Graph.Value(node: node, output: output) }

    /// A vector of `count` floats.
    func vector(_ count: Int) throws -> MemoryDescriptor { try MemoryDescriptor([count], strides: [1]) }
    /// A dense matrix.
    func matrix(_ rows: Int, _ columns: Int) throws -> MemoryDescriptor {
        try MemoryDescriptor([rows, columns], strides: [columns, 1])
    }
    /// The sizes of an image as oneDNN orders them, in a layout of the primitive's choice.
    func anyImage(_ value: Graph.Value, _ type: StorageType) throws -> MemoryDescriptor {
        try MemoryDescriptor(plainDescriptor(value, .image).dimensions, strides: nil, type: type)
    }
}
