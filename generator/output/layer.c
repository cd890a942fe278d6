/* replaced by the layer's first module */ typedef int output_layer;
