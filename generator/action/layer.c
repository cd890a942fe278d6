/* replaced by the layer's first module */ typedef int action_layer;
