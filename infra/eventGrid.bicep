targetScope = 'resourceGroup'

@description('Name of the function app, as main.bicep made it.')
param functionAppName string

@description('Resource group of the function app.')
param functionAppResourceGroup string

@description('Subscription of the function app.')
param functionAppSubscription string = subscription().subscriptionId

@description('Name of the existing system topic of this subscription, in this resource group. A subscription can have one only. Empty: one is made.')
param existingTopic string = ''

@description('Tags of the topic, where it is made.')
param tags object = {}

var source = subscription().id
var functionId = resourceId(functionAppSubscription, functionAppResourceGroup, 'Microsoft.Web/sites/functions', functionAppName, 'takeChangeEvent')

// What can change how many IPs a cluster needs or has. An upgrade writes dozens of resources that are not among them.
var operations = [
  'Microsoft.ContainerService/managedClusters/write'
  'Microsoft.ContainerService/managedClusters/delete'
  'Microsoft.ContainerService/managedClusters/agentPools/write'
  'Microsoft.ContainerService/managedClusters/agentPools/delete'
  'Microsoft.Network/virtualNetworks/write'
  'Microsoft.Network/virtualNetworks/subnets/write'
  'Microsoft.Network/virtualNetworks/subnets/delete'
  'Microsoft.Network/routeTables/write'
]

resource made 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (empty(existingTopic)) {
  name: 'evgt-aks-subnet-auditor-${uniqueString(source)}'
  location: 'global'
  tags: tags
  properties: {
    source: source
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

resource existing 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (!empty(existingTopic)) {
  name: existingTopic
}

resource ofMade 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (empty(existingTopic)) {
  parent: made
  name: 'aks-subnet-auditor'
  properties: changes
}

resource ofExisting 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (!empty(existingTopic)) {
  parent: existing
  name: 'aks-subnet-auditor'
  properties: changes
}

var changes = {
  destination: {
    endpointType: 'AzureFunction'
    properties: {
      resourceId: functionId
      maxEventsPerBatch: 1
      preferredBatchSizeInKilobytes: 64
    }
  }
  eventDeliverySchema: 'EventGridSchema'
  filter: {
    includedEventTypes: [
      'Microsoft.Resources.ResourceWriteSuccess'
      'Microsoft.Resources.ResourceDeleteSuccess'
    ]
    advancedFilters: [
      {
        operatorType: 'StringIn'
        key: 'data.operationName'
        values: operations
      }
    ]
  }
  retryPolicy: {
    maxDeliveryAttempts: 30
    eventTimeToLiveInMinutes: 1440
  }
}
