/* replaced by the layer's first module */ typedef int model_layer;
